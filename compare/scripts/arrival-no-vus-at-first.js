// A scenario may begin without a VU.
// compare: exit, counts(iterations~2)
import { sleep } from 'k6';

export const options = {
  scenarios: {
    growing: { executor: 'constant-arrival-rate', rate: 10, duration: '1050ms', preAllocatedVUs: 0, maxVUs: 2 },
  },
};

export default function () {
  sleep(0.01);
}
