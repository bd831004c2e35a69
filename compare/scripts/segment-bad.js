// A segment that is none is a usage error.
// args: --execution-segment 1/2:1/3
// compare: exit, console
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'constant-vus', vus: 1, duration: '1s' },
  },
};

export default function () {
  console.log('VU', exec.vu.idInTest, 'here', exec.vu.idInInstance);
}
