// The system tags `vu` and `iter`, off by default, are metadata.
// args: --vus 1 --iterations 2 --system-tags vu,iter,scenario,group
// compare: exit, console
import exec from 'k6/execution';

const sorted = (object) => JSON.stringify(Object.entries(object).sort());

export function setup() {
  console.log('setup', sorted(exec.vu.metrics.tags), sorted(exec.vu.metrics.metadata));
}

export default function () {
  console.log(sorted(exec.vu.metrics.tags), sorted(exec.vu.metrics.metadata));
  exec.vu.metrics.metadata.vu = 99;
  delete exec.vu.metrics.metadata.iter;
  console.log(sorted(exec.vu.metrics.metadata));
}

export function teardown() {
  console.log('teardown', sorted(exec.vu.metrics.tags), sorted(exec.vu.metrics.metadata));
}
