// test.abort() ends the run with 108; the iteration does not go on, teardown() runs.
// compare: exit, console, errors, counts(iterations)
import exec from 'k6/execution';

export const options = { iterations: 5 };

export default function () {
  console.log('iteration', __ITER);
  if (__ITER === 1) {
    exec.test.abort('seen enough');
    console.log('never');
  }
}

export function teardown() {
  console.log('teardown');
}
