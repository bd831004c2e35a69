// Checks: several in one call, functions and plain values, what check() returns, repeated names.
// args: --iterations 4
// compare: exit, console, checks, counts(checks, iterations)
import { check } from 'k6';

export default function () {
  const all = check(__ITER, {
    'is a number': (n) => typeof n === 'number',
    'is even': (n) => n % 2 === 0,
    'a plain value': true,
    'a truthy value': 'yes',
    'a falsy value': 0,
  });
  console.log(all, check(1, { 'is one': (n) => n === 1 }), check(1, {}));
  check(null, { 'tagged': (v) => v === null }, { kind: 'tagged' });
}
