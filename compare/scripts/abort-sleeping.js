// `test.abort()` while other VUs sleep: none of them goes on, and `teardown` runs.
// compare: exit, console sorted, errors, counts(iterations)
import exec from 'k6/execution';
import { sleep } from 'k6';

export const options = {
  scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 1, gracefulStop: '20s' } },
};

export default function () {
  if (exec.vu.idInTest === 1) {
    sleep(0.2);
    exec.test.abort('now');
  }
  sleep(15);
}

export function teardown() { console.log('teardown'); }
