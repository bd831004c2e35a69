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

/**
 * What the VU says of its samples, its tags or its metadata: setting one sets it on every sample
 * from then on.
 */
const labels = (which) => new Proxy({}, {
  get(target, key) {
    if (typeof key !== 'string') return target[key];
    return native.label(which, key) ?? target[key];
  },
  set(_, key, value) {
    native.setLabel(which, key, value);
    return true;
  },
  deleteProperty(_, key) {
    native.deleteLabel(which, key);
    return true;
  },
  has: (target, key) => native.labelKeys(which).includes(key) || key in target,
  ownKeys: () => native.labelKeys(which),
  getOwnPropertyDescriptor(_, key) {
    const value = native.label(which, key) ?? undefined;
    return value === undefined
      ? undefined
      : { value, writable: true, enumerable: true, configurable: true };
  },
});

// Made when they are first asked for: most scripts never do.
let tags, metadata;
const metrics = {
  get tags() { return tags ??= labels('tag'); },
  get metadata() { return metadata ??= labels('metadata'); },
};

const vu = live(
  native.vu,
  ['idInInstance', 'idInTest', 'iterationInInstance', 'iterationInScenario'],
  { get tags() { return metrics.tags; }, get metrics() { return metrics; } },
);

const scenario = live(native.scenario, [
  'iterationInInstance', 'iterationInTest', 'name', 'executor', 'startTime', 'progress',
]);

const instance = live(native.instance, [
  'currentTestRunDuration', 'iterationsCompleted', 'iterationsInterrupted', 'vusActive',
  'vusInitialized',
]);

const frozen = (value) => {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
};

const test = {
  abort: (reason) => native.abort(reason),
  fail: (reason) => native.fail(reason),
  get options() { return frozen(native.options()); },
};

export { instance, scenario, test, vu };

// k6: what there is nothing to say of can't even be reached.
export default {
  get instance() {
    native.instance('');
    return instance;
  },
  get scenario() {
    native.scenario('');
    return scenario;
  },
  get test() { return test; },
  get vu() {
    native.vu('');
    return vu;
  },
};
