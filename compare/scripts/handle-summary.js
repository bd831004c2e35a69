// What handleSummary is given of metrics, options and state.
// args: --iterations 4 --summary-trend-stats avg,p(99.9),count --summary-time-unit ms
// compare: exit, console, errors, thresholds
import { check } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const hits = new Counter('hits');
const level = new Gauge('level');
const share = new Rate('share');
const time = new Trend('time_taken', true);

export const options = {
  thresholds: {
    hits: ['count<100', 'count>4'],
    'time_taken{kind:small}': ['max<2'],
    'level{kind:none}': [],
    checks: ['rate>0.5'],
  },
};

export function setup() {
  return { name: 'data', list: [1, 2.5] };
}

export default function () {
  hits.add(1);
  level.add(__ITER);
  share.add(__ITER % 2);
  time.add(__ITER, { kind: __ITER < 2 ? 'small' : 'large' });
  check(__ITER, { small: (value) => value < 3 });
}

export function teardown() {
  console.log('teardown comes first');
}

export function handleSummary(data) {
  console.log(data.setup_data.name, data.setup_data.list.join(), JSON.stringify(Object.keys(data).sort()));
  console.log(JSON.stringify(data.options.summaryTrendStats), data.options.summaryTimeUnit);
  console.log(typeof data.state.testRunDurationMs, data.state.isStdOutTTY, data.state.isStdErrTTY);
  const names = Object.keys(data.metrics).sort();
  for (const name of names) {
    const { type, contains, values, thresholds } = data.metrics[name];
    const keys = Object.keys(values).sort();
    const results = Object.keys(thresholds || {}).sort().map((one) => `${one} ${thresholds[one].ok}`);
    console.log(name, type, contains, keys.join(), results.join());
  }
  for (const name of ['hits', 'level', 'share', 'time_taken', 'time_taken{kind:small}', 'checks']) {
    const { values } = data.metrics[name];
    const keys = Object.keys(values).sort();
    console.log(name, keys.filter((key) => name !== 'hits' || key === 'count').map((key) => values[key]).join());
  }
}
