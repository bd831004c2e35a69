// Stages of no length: VUs come and go at once.
// compare: exit, console sorted
import exec from 'k6/execution';
import { sleep } from 'k6';

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '0s', target: 3 },
        { duration: '500ms', target: 3 },
        { duration: '0s', target: 1 },
        { duration: '500ms', target: 1 },
      ],
      gracefulRampDown: '5s',
    },
  },
};

export default function () {
  if (exec.vu.iterationInScenario === 0) console.log('VU', exec.vu.idInTest);
  sleep(0.2);
}
