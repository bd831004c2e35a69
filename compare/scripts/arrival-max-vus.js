// VUs that are missed are made, up to maxVUs.
// compare: exit, console sorted, counts(iterations~2, dropped_iterations~3)
import exec from 'k6/execution';
import { sleep } from 'k6';

export const options = {
  scenarios: {
    growing: { executor: 'constant-arrival-rate', rate: 10, duration: '1950ms', preAllocatedVUs: 1, maxVUs: 3 },
  },
};

export default function () {
  if (exec.vu.iterationInInstance === 0) console.log('first of VU', exec.vu.idInTest);
  sleep(0.46);
}
