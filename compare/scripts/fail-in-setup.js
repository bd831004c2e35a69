// `test.fail()` in `setup` marks the run, which goes on.
// compare: exit, console, errors
import exec from 'k6/execution';

export function setup() {
  exec.test.fail('from setup');
  console.log('goes on');
}

export default function () { console.log('iteration'); }
