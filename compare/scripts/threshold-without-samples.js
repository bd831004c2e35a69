// Thresholds on metrics that nobody measured.
// compare: exit, errors, thresholds
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

new Counter('no_hits');
new Gauge('no_level');
new Rate('no_share');
new Trend('no_size');

export const options = {
  thresholds: {
    no_hits: ['count==0', 'count>0'],
    no_level: ['value==0', 'value>0'],
    no_share: ['rate==0', 'rate>0'],
    no_size: ['avg==0', 'p(95)<1', 'max>0'],
  },
};

export default function () {}
