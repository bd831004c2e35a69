// Requirements of a standard, each named: a file is a list of `test(name, async function)`, which run in turn when it ends
// with `await run()`. One that fails does not stop the others.
// What runs only when it is asked for.
void [URL, ReadableStream];

const tests = [];
globalThis.results = { passed: 0, failed: [] };
globalThis.test = (name, body) => { tests.push({ name, body }); };
const never = async () => {
  for (let i = 0; i < 2_000; i++) await undefined;
  throw new Error('never ends');
};
globalThis.run = async () => {
  for (const { name, body } of tests.splice(0)) {
    try {
      await Promise.race([body(), never()]);
      results.passed++;
    } catch (error) {
      results.failed.push(`${name}: ${error?.message ?? error}`);
    }
  }
};
/** Lets all that is due happen. */
globalThis.settle = async () => { for (let i = 0; i < 60; i++) await undefined; };
/** The very value that a promise was rejected with. */
globalThis.rejectsWith = async (expected, promise, what = 'promise') => {
  let got, done = false;
  try { await promise; done = true; } catch (error) { got = error; }
  ok(!done, `${what} is rejected`);
  same(got, expected, what);
};
globalThis.throwsWith = (expected, run, what = String(run)) => {
  try { run(); } catch (error) { same(error, expected, what); return; }
  throw new Error(`${what}: did not throw`);
};
/** 'pending', 'fulfilled' or 'rejected' */
globalThis.stateOf = async (promise) => {
  let state = 'pending';
  promise.then(() => { state = 'fulfilled'; }, () => { state = 'rejected'; });
  await settle();
  return state;
};
globalThis.readAll = async (stream) => {
  const reader = stream.getReader(), chunks = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
  }
};
/** A stream of the chunks, which then closes. */
globalThis.streamOf = (...chunks) => new ReadableStream({
  start(c) {
    for (const chunk of chunks) c.enqueue(chunk);
    c.close();
  },
});
globalThis.readResult = (result, value, done, what = 'the result of read()') => {
  alike(Object.keys(result), ['value', 'done'], `${what}: keys`);
  same(Object.getPrototypeOf(result), Object.prototype, `${what}: prototype`);
  same(result.value, value, `${what}: value`);
  same(result.done, done, `${what}: done`);
};
/** The methods of an underlying source that write down their calls. */
globalThis.recording = (extras = {}, strategy = undefined, Stream = ReadableStream) => {
  const events = [];
  let controller;
  const stream = new Stream({
    ...extras,
    start(c) { controller = c; return extras.start?.(c); },
    pull(c) { events.push('pull'); return extras.pull?.(c); },
    cancel(reason) { events.push('cancel', reason); return extras.cancel?.(reason); },
  }, strategy);
  return { stream, controller, events };
};
globalThis.error1 = Object.assign(new Error('error1'), { name: 'error1' });
globalThis.error2 = Object.assign(new Error('error2'), { name: 'error2' });
/** The shape of an interface that scripts cannot construct. */
globalThis.members = (prototype, list) => {
  for (const [name, kind, length] of list) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    ok(property && property.enumerable && property.configurable, `${name} is enumerable and configurable`);
    if (kind === 'method') {
      ok(property.writable, `${name} is writable`);
      same(property.value.length, length, `${name}.length`);
      same(property.value.name, name, `${name}.name`);
      throws(TypeError, () => new property.value(), `${name} is no constructor`);
    } else {
      same(property.get.name, `get ${name}`);
      same(property.set, undefined, `${name} cannot be set`);
    }
  }
};
