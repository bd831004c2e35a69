// A ramp of a segment.
// args: --execution-segment 1/3:2/3 --execution-segment-sequence 0,1/3,2/3,1
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      stages: [{ duration: '1050ms', target: 10 }],
      preAllocatedVUs: 6,
    },
  },
};

export default function () {
  console.log('iteration', exec.scenario.iterationInTest, 'here', exec.scenario.iterationInInstance);
}
