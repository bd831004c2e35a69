// `test.fail()` in each phase: the script goes on, and the code tells of it.
// compare: exit, console, errors
import exec from 'k6/execution';
import { group } from 'k6';

export function setup() {
  exec.test.fail('from setup');
  console.log('setup goes on');
}

export default function () {
  group('g', () => exec.test.fail());
  setTimeout(() => exec.test.fail('from a timer'), 1);
  console.log('iteration goes on');
}

export function teardown() {
  exec.test.fail({ from: 'teardown' });
  console.log('teardown goes on');
}
