// maxDuration ends a scenario whose iterations are not all done.
// compare: exit, counts(iterations~1)
import { sleep } from 'k6';

export const options = {
  scenarios: {
    cut: { executor: 'shared-iterations', vus: 1, iterations: 100, maxDuration: '1s', gracefulStop: '1s' },
  },
};

export default function () {
  sleep(0.1);
}
