// A harness for named assertions by area: prints each that fails, and a count for each area.
const areas = new Map();
let current;

export function area(name) {
  current = { passed: 0, failed: 0 };
  areas.set(name, current);
}

export function test(name, run) {
  const count = current;
  try {
    const result = run();
    if (result instanceof Promise) {
      return result.then(() => { count.passed++; }, (error) => failed(count, name, error));
    }
    count.passed++;
  } catch (error) {
    failed(count, name, error);
  }
}

function failed(count, name, error) {
  count.failed++;
  console.log(`FAIL ${name}: ${error}`);
}

export function same(actual, expected, what = '') {
  if (!Object.is(actual, expected)) throw new Error(`${what} expected ${String(expected)}, got ${String(actual)}`);
}

export function throws(name, run) {
  try {
    run();
  } catch (error) {
    const right = typeof name === 'string' ? error instanceof DOMException && error.name === name : error instanceof name;
    if (!right) throw new Error(`expected ${name.name ?? name}, got ${error}`);
    return error;
  }
  throw new Error(`expected ${name.name ?? name}, nothing was thrown`);
}

export function throwsExactly(value, run) {
  try {
    run();
  } catch (error) {
    same(error, value);
    return;
  }
  throw new Error('nothing was thrown');
}

export function event(target, type) {
  return new Promise((resolve) => { target.addEventListener(type, resolve, { once: true }); });
}

export function report() {
  for (const [name, { passed, failed }] of areas) console.log(`${name}: ${passed} of ${passed + failed}`);
}
