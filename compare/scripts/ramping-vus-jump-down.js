// VUs that come and go in the same moment start no iteration.
// compare: exit, counts(iterations)
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
    },
  },
};

export default function () {
  sleep(0.7);
}
