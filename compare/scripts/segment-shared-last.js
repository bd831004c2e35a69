// The last third of shared iterations.
// args: --execution-segment 2/3:1 --execution-segment-sequence 0,1/3,2/3,1
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
