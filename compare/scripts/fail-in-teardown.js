// `test.fail()` in `teardown` marks the run, which goes on.
// compare: exit, console, errors
import exec from 'k6/execution';

export function teardown() {
  exec.test.fail('from teardown');
  console.log('goes on');
}

export default function () { console.log('iteration'); }
