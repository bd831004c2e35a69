// Stages of no length jump; a rate of nothing starts nothing.
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-arrival-rate',
      startRate: 4,
      stages: [
        { duration: '600ms', target: 4 },
        { duration: '0s', target: 0 },
        { duration: '600ms', target: 0 },
        { duration: '0s', target: 10 },
        { duration: '550ms', target: 10 },
      ],
      preAllocatedVUs: 4,
    },
  },
};

export default function () {
  console.log('iteration', exec.scenario.iterationInTest);
}
