// A number of VUs for a time: iterations that are under way may end.
// compare: exit, counts(iterations~2)
import { sleep } from 'k6';

export const options = {
  scenarios: { constant: { executor: 'constant-vus', vus: 4, duration: '1s', gracefulStop: '2s' } },
};

export default function () {
  sleep(0.3);
}
