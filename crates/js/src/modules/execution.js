// k6/execution: shape over the natives of internal:execution.
// https://grafana.com/docs/k6/latest/javascript-api/k6-execution/
import * as native from 'internal:execution';

/** An object whose properties are read anew each time, in the order in which k6 lists them. */
function live(read, names, more = {}) {
  const object = {};
  for (const name of names) {
    Object.defineProperty(object, name, { get: () => read(name), enumerable: true });
  }
  return Object.defineProperties(object, Object.getOwnPropertyDescriptors(more));
}

/** The tags of the VU: setting one sets it on every sample from then on. */
const tags = new Proxy({}, {
  // What is no tag is a method of every object.
  get: (object, key) => (typeof key === 'string' ? native.tag(key) : null) ?? object[key],
  set(_, key, value) {
    native.setTag(key, value);
    return true;
  },
  deleteProperty(_, key) {
    native.deleteTag(key);
    return true;
  },
  has: (object, key) => native.tagKeys().includes(key) || key in object,
  ownKeys: () => native.tagKeys(),
  getOwnPropertyDescriptor(_, key) {
    const value = native.tag(key) ?? undefined;
    return value === undefined
      ? undefined
      : { value, writable: true, enumerable: true, configurable: true };
  },
});

/** Texts of the VU beside its tags, made when a script asks for them. */
let metadata;
const newMetadata = () => new Proxy({}, {
  set(object, key, value) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      // k6: its words.
      throw new TypeError(`invalid value for metric metadata '${key}': only String, Boolean and Number types are accepted as a metric metadata value`);
    }
    object[key] = `${value}`;
    return true;
  },
});

const metrics = Object.defineProperties({}, {
  tags: { get: () => tags, enumerable: true },
  metadata: { get: () => (metadata ??= newMetadata()), enumerable: true },
});

const vu = live(
  native.vu,
  ['iterationInInstance', 'iterationInScenario', 'idInInstance', 'idInTest'],
  { get tags() { return tags; }, get metrics() { return metrics; } },
);

const scenario = live(native.scenario, [
  'startTime', 'progress', 'iterationInInstance', 'iterationInTest', 'name', 'executor',
]);

const instance = live(native.instance, [
  'currentTestRunDuration', 'iterationsCompleted', 'iterationsInterrupted', 'vusActive',
  'vusInitialized',
]);

const test = {
  abort: (reason) => native.abort(reason),
  fail: (reason) => native.fail(reason),
  get options() { return native.options(); },
};

export { instance, scenario, test, vu };
export default { instance, scenario, test, vu };
