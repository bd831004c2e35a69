// A threshold that may not end the test yet: it runs to its end, and fails.
// args: --duration 2500ms
// compare: exit, console, errors, thresholds
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';

const hits = new Counter('hits');

export const options = {
  thresholds: { hits: [{ threshold: 'count<1', abortOnFail: true, delayAbortEval: '60s' }] },
};

export default function () {
  hits.add(1);
  sleep(0.5);
}

export function teardown() {
  console.log('teardown');
}
