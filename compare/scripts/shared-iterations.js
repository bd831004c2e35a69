// Iterations are shared: each is done once, whoever does it.
// compare: exit, console sorted, counts(iterations)
import { sleep } from 'k6';
import exec from 'k6/execution';

export const options = {
  scenarios: { shared: { executor: 'shared-iterations', vus: 3, iterations: 12, maxDuration: '10s' } },
};

export default function () {
  console.log('iteration', exec.scenario.iterationInTest);
  sleep(0.05);
}
