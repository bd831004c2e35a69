// The VUs of a ramp in a segment.
// args: --execution-segment 1/3:2/3 --execution-segment-sequence 0,1/3,2/3,1
// compare: exit, console sorted
import { sleep } from 'k6';
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: {
      executor: 'ramping-vus',
      startVUs: 7,
      stages: [{ duration: '1s', target: 7 }],
    },
  },
};

export default function () {
  if (exec.vu.iterationInScenario === 0) console.log('VU', exec.vu.idInTest);
  sleep(0.2);
}
