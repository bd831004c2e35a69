// A ramp starts its n-th iteration when the area below the rate reaches n.
// compare: exit, console sorted, checks, counts(iterations)
import exec from 'k6/execution';
import { check } from 'k6';

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-arrival-rate',
      stages: [
        { duration: '1s', target: 8 },
        { duration: '900ms', target: 8 },
      ],
      preAllocatedVUs: 4,
    },
  },
};

export default function () {
  const n = exec.scenario.iterationInTest + 1;
  const planned = n <= 4 ? Math.sqrt(n / 4) : 1 + (n - 4) / 8;
  const late = Date.now() - exec.scenario.startTime - planned * 1000;
  check(late, { 'on time': (ms) => ms > -20 && ms < 300 });
  console.log('iteration', n);
}
