// A sequence that does not reach the end.
// args: --execution-segment 0:1/3 --execution-segment-sequence 0,1/3,1/2
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'per-vu-iterations', vus: 12, iterations: 1 },
  },
};

export default function () {
  console.log('VU', exec.vu.idInTest, 'here', exec.vu.idInInstance);
}
