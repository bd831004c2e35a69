// What k6.jsonl was made from:
// TZ=Asia/Kathmandu k6 run --system-tags vu,group,scenario,check --out json=k6.jsonl k6.js
import { check, group } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const counter = new Counter('my_counter');
const gauge = new Gauge('my_gauge');
const rate = new Rate('my_rate');
const trend = new Trend('my_trend');
const time = new Trend('my_time', true);

export const options = {
  iterations: 2,
  thresholds: {
    my_counter: ['count>2', 'rate>0'],
    'my_counter{a:b, c:d}': ['count==0'],
    my_rate: [' rate < 1 ', { threshold: 'rate>0.1', abortOnFail: true }],
    my_trend: [
      { threshold: 'p(99.9)<1e9', abortOnFail: true, delayAbortEval: '90.5s' },
      { threshold: 'min>=0', abortOnFail: true, delayAbortEval: 100 },
    ],
    'my_trend{tag:<é"&>}': [],
  },
};

export default function () {
  for (const value of [0, 1.5, -3, 1e20, 123456789, 12345678.9, 1e-7, 1e-4, 99999.5, 1e300]) {
    gauge.add(value, { value: String(value) });
  }
  trend.add(1, { 'k"<>&é\u2028\n': 'v\b\f\t\u0001\\\u007f/😀' });
  counter.add(1);
  rate.add(__ITER);
  time.add(0.1 + 0.2);
  check(1, { 'is one': (x) => x === 1, 'is two': (x) => x === 2 });
  group('outer "q"', () => group('inner', () => check(1, { deep: (x) => x === 1 })));
}
