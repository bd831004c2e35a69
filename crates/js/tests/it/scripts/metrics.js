import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import all from 'k6/metrics';

const counter = new Counter('my_counter');
const again = new Counter('my_counter');
const gauge = new Gauge('my_gauge');
const rate = new Rate('my_rate');
const trend = new Trend('my_trend', true);

const attempt = (name, run) => {
  try {
    console.log(name, run());
  } catch (error) {
    console.log(name, 'threw', String(error));
  }
};

attempt('bad name', () => new Counter('no spaces'));
attempt('other kind', () => new Trend('my_counter'));
attempt('without new', () => Counter('x'));
attempt('add in init', () => counter.add(1));

export default function () {
  attempt('same names', () => all.Counter === Counter && counter.name === again.name);
  attempt('number', () => counter.add(2));
  attempt('again', () => again.add(3));
  attempt('tags', () => counter.add(1, { a: 'b', c: true }));
  attempt('bad tag', () => counter.add(1, { a: null }));
  attempt('no object of tags', () => counter.add(1, 'x'));
  attempt('NaN', () => counter.add(NaN));
  attempt('text', () => counter.add('x'));
  attempt('number as text', () => counter.add('5'));
  attempt('nothing', () => counter.add());
  attempt('null', () => counter.add(null));
  attempt('gauge', () => gauge.add(7));
  attempt('rate', () => [rate.add(true), rate.add(0), rate.add(1)].join());
  attempt('trend', () => trend.add(1.5));
  attempt('late', () => new Counter('late'));
}
