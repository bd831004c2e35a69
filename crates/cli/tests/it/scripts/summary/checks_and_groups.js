// run: --iterations 4 --summary-mode full
import { check, group } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const counter = new Counter('my_counter');
const gauge = new Gauge('my_gauge');
const rate = new Rate('my_rate');
const trend = new Trend('my_trend');

export const options = {
  thresholds: {
    my_counter: ['count==4'],
    'my_trend{kind:even}': ['avg<1'],
    checks: ['rate>0.5'],
  },
};

export default function () {
  check(null, { 'is even': () => __ITER % 2 === 0 });
  group('outer', () => {
    check(null, { 'in group': () => true });
    group('inner', () => check(null, { deep: () => __ITER > 0 }));
  });
  counter.add(1);
  gauge.add(__ITER);
  rate.add(__ITER > 0);
  trend.add(__ITER, { kind: __ITER % 2 === 0 ? 'even' : 'odd' });
}
