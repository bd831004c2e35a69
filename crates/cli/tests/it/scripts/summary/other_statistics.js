// run: --summary-trend-stats count,p(99.9) --summary-time-unit us
import { Trend } from 'k6/metrics';
const time = new Trend('my_time', true);
export default function () {
  time.add(1234.5);
}
