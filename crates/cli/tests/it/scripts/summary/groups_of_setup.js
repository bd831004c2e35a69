// run: --quiet --summary-mode full
import { check, group } from 'k6';
import { Counter } from 'k6/metrics';

const mine = new Counter('mine');

export const options = {
  scenarios: { one: { executor: 'per-vu-iterations' } },
  thresholds: { 'mine{group:::setup::login}': ['count==1'], mine: ['count<1', 'rate>0'] },
};

export function setup() {
  check(1, { 'in setup': true });
  group('login', () => {
    mine.add(1);
    check(1, { 'in a group of setup': false });
  });
}

export default function () {
  group('page', () => mine.add(1));
}

export function teardown() {
  check(1, { 'in teardown, without groups': true });
}
