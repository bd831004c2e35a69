// fail() throws an Error: the iteration ends, the run goes on. What kind of Error differs, and with
// it the line of the one that nobody catches; see compat/k6.toml.
// args: --iterations 3
// compare: exit, console, counts(iterations)
import { fail } from 'k6';

export default function () {
  console.log('iteration', __ITER);
  if (__ITER === 0) {
    fail('not good');
    console.log('never');
  }
  if (__ITER === 1) {
    for (const reason of [undefined, '', 'no reason']) {
      try {
        fail(reason);
      } catch (error) {
        console.log('caught', error instanceof Error, error.message);
      }
    }
  }
}
