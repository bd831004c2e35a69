// VUs that come and go in the same moment are planned for, but complete no iteration. With a
// graceful ramp-down they might: whether k6 lets one start is a matter of chance.
// compare: exit, counts(iterations), thresholds
import { sleep } from 'k6';

export const options = {
  scenarios: {
    peak: {
      executor: 'ramping-vus',
      startVUs: 6,
      stages: [
        { duration: '0s', target: 2 },
        { duration: '1s', target: 2 },
        { duration: '0s', target: 9 },
        { duration: '0s', target: 1 },
        { duration: '1s', target: 1 },
      ],
      gracefulRampDown: '0s',
    },
  },
  thresholds: { vus_max: ['value==9'] },
};

export default function () {
  sleep(0.7);
}
