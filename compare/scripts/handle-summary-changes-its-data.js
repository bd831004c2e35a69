// What `handleSummary` makes of its data is what `--summary-export` writes.
// args: --iterations 3
// compare: exit, stdout, counts(iterations, mine), values(mine)
import { Counter } from 'k6/metrics';

const lost = new Counter('lost');

export default function () {
  lost.add(1);
}

export function handleSummary(data) {
  delete data.metrics.lost;
  data.metrics.iterations.values.count = 99;
  data.metrics.mine = { type: 'counter', contains: 'default', values: { count: 1 } };
  return { stdout: 'told\n' };
}
