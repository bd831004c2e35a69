// What setup and teardown measure makes no group, unless they check something or have groups.
// compare: exit, console
import { check } from 'k6';
import { Counter } from 'k6/metrics';

const hits = new Counter('hits');

export function setup() {
  hits.add(1);
}

export default function () {}

export function teardown() {
  hits.add(1);
  check(1, { 'in teardown': true });
}

export function handleSummary(data) {
  console.log(data.root_group.groups.map(({ name, checks }) => `${name} ${checks.length}`).join());
}
