// A rate per minute.
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    steady: { executor: 'constant-arrival-rate', rate: 120, timeUnit: '1m', duration: '1900ms', preAllocatedVUs: 1 },
  },
};

export default function () {
  const halves = Math.round((Date.now() - exec.scenario.startTime) / 500);
  console.log('iteration', exec.scenario.iterationInInstance, 'after', halves, 'halves');
}
