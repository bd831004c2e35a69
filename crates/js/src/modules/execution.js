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
  get: (_, key) => (typeof key === 'string' ? native.tag(key) ?? undefined : undefined),
  set(_, key, value) {
    native.setTag(key, value);
    return true;
  },
  deleteProperty(_, key) {
    native.deleteTag(key);
    return true;
  },
  has: (_, key) => native.tagKeys().includes(key),
  ownKeys: () => native.tagKeys(),
  getOwnPropertyDescriptor(_, key) {
    const value = native.tag(key) ?? undefined;
    return value === undefined
      ? undefined
      : { value, writable: true, enumerable: true, configurable: true };
  },
});

const metrics = Object.defineProperty({}, 'tags', { get: () => tags, enumerable: true });

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
