// A third of shared iterations, dealt in proportion to the VUs.
// args: --execution-segment 0:1/3 --execution-segment-sequence 0,1/3,2/3,1
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'shared-iterations', vus: 7, iterations: 23 },
  },
};

export default function () {
  console.log('iteration', exec.scenario.iterationInTest, 'here', exec.scenario.iterationInInstance);
}
