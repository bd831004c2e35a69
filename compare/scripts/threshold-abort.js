// A threshold with abortOnFail ends the run before its time, and with 99.
// compare: exit, errors, thresholds
import { sleep } from 'k6';
import { Rate } from 'k6/metrics';

const good = new Rate('good');

export const options = {
  vus: 1,
  duration: '20s',
  gracefulStop: '0s',
  thresholds: { good: [{ threshold: 'rate>0.5', abortOnFail: true }] },
};

export default function () {
  good.add(false);
  sleep(0.1);
}
