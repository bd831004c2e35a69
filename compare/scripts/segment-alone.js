// A segment without a sequence.
// args: --execution-segment 30%
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'per-vu-iterations', vus: 24, iterations: 1 },
  },
};

export default function () {
  console.log('VU', exec.vu.idInTest, 'here', exec.vu.idInInstance);
}
