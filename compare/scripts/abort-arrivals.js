// `test.abort()` while a hundred VUs are in the middle of iterations that keep arriving: all of them
// end at once, and none starts any more.
// compare: exit, console sorted, errors, counts(dropped_iterations)
import exec from 'k6/execution';
import { sleep } from 'k6';

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate: 100,
      duration: '20s',
      preAllocatedVUs: 120,
      gracefulStop: '20s',
    },
  },
};

export default function () {
  if (exec.scenario.iterationInTest === 100) exec.test.abort('enough');
  setTimeout(() => console.log('never'), 10000);
  sleep(15);
}

export function setup() { return Date.now(); }

export function teardown(started) {
  console.log('teardown', Date.now() - started < 8000);
}
