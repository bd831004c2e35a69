// k6/metrics: the four metric classes over the natives of internal:metrics.
// https://grafana.com/docs/k6/latest/javascript-api/k6-metrics/
import { register, add } from 'internal:metrics';

class Metric {
  #metric;

  constructor(kind, name, isTime) {
    this.#metric = register(kind, name, isTime);
    Object.defineProperty(this, 'name', { value: String(name), enumerable: true });
  }

  /** Takes a sample; false, with a warning in the log, if `value` is no number. */
  add(value, tags) {
    return add(this.#metric, value, tags);
  }
}

export class Counter extends Metric {
  constructor(name, isTime) { super(0, name, isTime); }
}

export class Gauge extends Metric {
  constructor(name, isTime) { super(1, name, isTime); }
}

export class Rate extends Metric {
  constructor(name, isTime) { super(2, name, isTime); }
}

export class Trend extends Metric {
  constructor(name, isTime) { super(3, name, isTime); }
}

export default { Counter, Gauge, Rate, Trend };
