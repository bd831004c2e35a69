// Every aggregation method of every kind of metric, and every operator.
// args: --iterations 5
// compare: exit, errors, thresholds, values(size, level, share)
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const hits = new Counter('hits');
const level = new Gauge('level');
const share = new Rate('share');
const size = new Trend('size');

export const options = {
  thresholds: {
    hits: ['count==10', 'count===10', 'count!=9', 'rate>0'],
    level: ['value==4', 'value>=4', 'value<=4', 'value>4'],
    share: ['rate==0.4', 'rate<0.4', 'rate<=.4'],
    size: ['avg==3', 'min==1', 'max==5', 'med==3', 'p(50)==3', 'p(90)<4.7', 'p(0)==1', 'p(100)==5', 'p(99.9)<5'],
  },
};

export default function () {
  hits.add(2);
  level.add(__ITER);
  share.add(__ITER % 2);
  size.add(__ITER + 1);
}
