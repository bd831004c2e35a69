// The statistics of trends that the summary has.
// args: --iterations 10 --summary-trend-stats count,p(99.99),p(33),med,max
// compare: exit, errors, values(size, time_taken)
import { Trend } from 'k6/metrics';

const size = new Trend('size');
const time = new Trend('time_taken', true);

export default function () {
  size.add(__ITER * __ITER);
  time.add(__ITER / 8);
}
