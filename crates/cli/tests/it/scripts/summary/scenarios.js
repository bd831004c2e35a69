// run: --summary-mode full
import { check } from 'k6';

export const options = {
  scenarios: {
    first: { executor: 'per-vu-iterations', vus: 2, iterations: 3, exec: 'first' },
    second: { executor: 'shared-iterations', vus: 1, iterations: 2, exec: 'second' },
  },
};

export function first() {
  check(1, { one: (n) => n === 1 });
}

export function second() {
  check(2, { two: (n) => n === 2 });
}
