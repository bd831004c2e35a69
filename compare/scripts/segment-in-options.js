// The segment may be an option of the script.
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  executionSegment: '1/4:1',
  executionSegmentSequence: '0,1/4,1',
  scenarios: { part: { executor: 'per-vu-iterations', vus: 9, iterations: 1 } },
};

export default function () {
  console.log('VU', exec.vu.idInTest, 'here', exec.vu.idInInstance);
}
