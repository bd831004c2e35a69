// Thresholds that do not hold: the run exits with 99 and says which.
// args: --iterations 4
// compare: exit, console, errors, thresholds, counts(hits)
import { Counter, Trend } from 'k6/metrics';

const hits = new Counter('hits');
const size = new Trend('size');

export const options = {
  thresholds: {
    hits: ['count>4', 'count==4'],
    size: ['max<2'],
    'size{kind:small}': ['max<2'],
  },
};

export default function () {
  hits.add(1);
  size.add(__ITER, { kind: __ITER < 2 ? 'small' : 'large' });
}
