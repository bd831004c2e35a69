// Iterations that find no idle VU are dropped, not delayed.
// compare: exit, counts(iterations~1, dropped_iterations~1, dropped_iterations{scenario:tight}~1)
import { sleep } from 'k6';

export const options = {
  scenarios: { tight: { executor: 'constant-arrival-rate', rate: 10, duration: '1050ms', preAllocatedVUs: 1 } },
  thresholds: { 'dropped_iterations{scenario:tight}': ['count>0'] },
};

export default function () {
  sleep(0.25);
}
