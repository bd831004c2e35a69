// An exception inside a check ends the iteration; the check before it counts.
// args: --iterations 2
// compare: exit, console, errors, checks, counts(iterations)
import { check } from 'k6';

export default function () {
  check(1, {
    'before': () => true,
    'throws': () => {
      throw new Error('inside a check');
    },
  });
  console.log('not reached');
}
