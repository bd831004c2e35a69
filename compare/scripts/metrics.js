// Each kind of metric, its aggregates, tags per sample, and what add() does with odd values.
// args: --iterations 5
// compare: exit, console, values(my_trend, my_time, my_gauge, my_rate), counts(my_counter, my_rate)
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const counter = new Counter('my_counter');
const gauge = new Gauge('my_gauge');
const rate = new Rate('my_rate');
const trend = new Trend('my_trend');
const time = new Trend('my_time', true);

export default function () {
  counter.add(2);
  counter.add(0.5, { tag: 'half' });
  gauge.add(10 - __ITER);
  rate.add(__ITER % 2 === 0);
  rate.add(__ITER);
  trend.add(__ITER * 1.25);
  trend.add('7');
  time.add(__ITER * 100);
  console.log(counter.name, gauge.name, rate.name, trend.name, time.name);
}
