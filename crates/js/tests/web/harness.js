// What the tests beside this file use. A failed assertion throws, and so fails the script.
globalThis.show = (value) => {
  try {
    return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' && value !== null ? JSON.stringify(value) ?? String(value) : String(value);
  } catch { return Object.prototype.toString.call(value); }
};
globalThis.same = (actual, expected, what = '') => {
  if (!Object.is(actual, expected)) throw new Error(`${what}: got ${show(actual)}, expected ${show(expected)}`);
};
globalThis.alike = (actual, expected, what = '') => same(JSON.stringify(actual), JSON.stringify(expected), what);
globalThis.ok = (value, what = 'condition') => { if (!value) throw new Error(`${what} does not hold`); };
/** `type` is an error class, or the name of a DOMException. */
globalThis.throws = (type, run, what = String(run)) => {
  try { run(); } catch (error) {
    const good = typeof type === 'string'
      ? error instanceof DOMException && error.name === type
      : error instanceof type && error.constructor === type;
    if (!good) throw new Error(`${what}: threw ${error}, expected ${type.name ?? type}`);
    return error;
  }
  throw new Error(`${what}: did not throw`);
};
globalThis.rejects = async (type, promise, what = 'promise') => {
  let error;
  try { await promise; } catch (thrown) { error = thrown; }
  throws(type, () => { if (error) throw error; }, what);
};

const timers = [];
globalThis.setTimeout = (run, delay, ...rest) => timers.push({ run: () => run(...rest), delay });
/** Fires what setTimeout was given, in order of delay. Returns the delays. */
globalThis.runTimers = () => {
  const due = timers.splice(0).sort((a, b) => a.delay - b.delay);
  for (const { run } of due) run();
  return due.map(({ delay }) => delay);
};

/** The shape that Web IDL §3.7 gives to an interface. `members` maps names to 'method', 'readonly' or 'attribute'. */
globalThis.idlShape = (name, length, members) => {
  const global = Object.getOwnPropertyDescriptor(globalThis, name);
  ok(global.writable && global.configurable && !global.enumerable, `global ${name}`);
  const Class = global.value;
  same(Class.name, name, 'name');
  same(Class.length, length, `${name}.length`);
  throws(TypeError, () => Class(), `${name} without new`);
  same(Class.prototype[Symbol.toStringTag], name, 'tag');
  same(Object.getOwnPropertyDescriptor(Class, 'prototype').writable, false, `${name}.prototype is fixed`);
  for (const [member, kind] of Object.entries(members)) {
    const property = Object.getOwnPropertyDescriptor(Class.prototype, member);
    const where = `${name}.prototype.${member}`;
    ok(property, where);
    ok(property.enumerable && property.configurable, `${where} is enumerable and configurable`);
    if (kind === 'method') {
      same(typeof property.value, 'function', where);
      same(property.value.name, member, where);
      ok(property.writable, `${where} is writable`);
      ok(!Object.hasOwn(property.value, 'prototype'), `${where} is no constructor`);
    } else {
      same(property.get.name, `get ${member}`, where);
      same(typeof property.set, kind === 'attribute' ? 'function' : 'undefined', `${where} setter`);
      throws(TypeError, () => property.get.call({}), `${where} on a wrong receiver`);
    }
  }
};
