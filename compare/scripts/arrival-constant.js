// A constant rate starts an iteration every quarter of a second, whichever VU is idle.
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: { steady: { executor: 'constant-arrival-rate', rate: 4, duration: '1900ms', preAllocatedVUs: 3 } },
};

export default function () {
  const quarters = Math.round((Date.now() - exec.scenario.startTime) / 250);
  console.log('iteration', exec.scenario.iterationInTest, 'after', quarters, 'quarters');
}
