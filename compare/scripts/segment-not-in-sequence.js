// A segment must be one of the sequence.
// args: --execution-segment 1/3:2/3 --execution-segment-sequence 0,1/2,1
// compare: exit, console, errors
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'constant-vus', vus: 1, duration: '1s' },
  },
};

export default function () {
  console.log('VU', exec.vu.idInTest, 'here', exec.vu.idInInstance);
}
