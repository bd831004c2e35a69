// A segment without a VU of a scenario leaves it out.
// args: --execution-segment 0:1/10
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
