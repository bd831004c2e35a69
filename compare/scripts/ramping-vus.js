// VUs come and go along stages.
// compare: exit, counts(iterations~4), thresholds
import { sleep } from 'k6';

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: '1s', target: 5 },
        { duration: '500ms', target: 5 },
        { duration: '500ms', target: 0 },
      ],
      gracefulRampDown: '1s',
    },
  },
  thresholds: { vus_max: ['value==5'] },
};

export default function () {
  sleep(0.25);
}
