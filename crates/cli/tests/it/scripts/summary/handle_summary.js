// run: --quiet --iterations 2
import { check } from 'k6';
import { jUnit, textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';

export const options = { thresholds: { checks: ['rate>0.1'], 'checks{group:::none}': ['rate>0.1'] } };

export default function () {
  check(__ITER, { 'is zero': (value) => value === 0 });
}

export function handleSummary(data) {
  for (const name in data.metrics) {
    if (!name.startsWith('checks')) delete data.metrics[name];
  }
  return {
    stdout: textSummary(data, { indent: '→', enableColors: false }) + '\n' + jUnit(data) + '\n',
    stderr: new Uint8Array([104, 105, 10]),
    'no/such/folder': 'x',
  };
}
