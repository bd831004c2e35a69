// fail() throws: the iteration ends, the run goes on.
// args: --iterations 3
// compare: exit, console, errors, counts(iterations)
import { fail } from 'k6';

export default function () {
  console.log('iteration', __ITER);
  if (__ITER === 0) {
    fail('not good');
  }
  if (__ITER === 1) {
    try {
      fail();
    } catch (error) {
      console.log(`caught ${error}`);
    }
  }
}
