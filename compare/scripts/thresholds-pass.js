// Thresholds that hold, on built-in and own metrics and on sub-metrics.
// args: --iterations 10
// compare: exit, thresholds, counts(hits, hits{kind:even}, checks, iterations)
import { check } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const hits = new Counter('hits');
const last = new Gauge('last');
const good = new Rate('good');
const size = new Trend('size');

export const options = {
  thresholds: {
    checks: ['rate>0.99', 'rate==1'],
    hits: ['count>=10', 'count<=10'],
    'hits{kind:even}': ['count==5'],
    'hits{kind:none}': ['count==0'],
    last: ['value==9'],
    good: ['rate>=0.5'],
    size: ['min===1', 'max==10', 'avg==5.5', 'med<6', 'p(90)<9.5', 'p(99.9) < 10', 'avg != 5'],
    iterations: ['count==10'],
  },
};

export default function () {
  check(__ITER, { fine: () => true });
  hits.add(1, { kind: __ITER % 2 ? 'odd' : 'even' });
  last.add(__ITER);
  good.add(__ITER < 5);
  size.add(__ITER + 1);
}
