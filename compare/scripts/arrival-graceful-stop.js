// When the time is up, iterations that run may finish within gracefulStop.
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';
import { sleep } from 'k6';

export const options = {
  scenarios: {
    cut: { executor: 'constant-arrival-rate', rate: 2, duration: '1100ms', preAllocatedVUs: 5, gracefulStop: '500ms' },
  },
};

export default function () {
  const number = exec.scenario.iterationInTest;
  console.log('begun', number);
  sleep(number === 0 ? 1.2 : 5);
  console.log('done', number);
}
