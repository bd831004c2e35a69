
// Since 1.5.0.
import { check as k6Check } from 'k6';

/** `check` of `k6` whose values, and what its functions return, may be promises. Then the result is one too. */
export function check(val, sets, tags) {
  const report = (name, outcome) => k6Check(val, { [name]: outcome }, tags);
  const pending = [];
  let passed = true;
  for (const [name, condition] of Object.entries(sets)) {
    let outcome = condition;
    if (typeof condition === 'function') {
      try {
        outcome = condition(val);
      } catch (error) {
        // The module's own check decides what an exception in a condition does.
        outcome = () => { throw error; };
      }
    }
    if (typeof outcome?.then === 'function') {
      pending.push(Promise.resolve(outcome).then((value) => report(name, value)));
    } else if (!report(name, outcome)) {
      passed = false;
    }
  }
  if (pending.length === 0) return passed;
  return Promise.all(pending).then((results) => passed && results.every(Boolean));
}
