// The VUs of a third, each with all its iterations.
// args: --execution-segment 2/3:1 --execution-segment-sequence 0,1/3,2/3,1
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'per-vu-iterations', vus: 7, iterations: 3 },
  },
};

export default function () {
  console.log('VU', exec.vu.idInTest, 'iteration', exec.vu.iterationInScenario);
}
