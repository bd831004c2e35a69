// Groups nest, return what their function returns, and give their path to checks.
// compare: exit, console, checks, counts(checks)
import { check, group } from 'k6';

export default function () {
  const value = group('outer', () => {
    check(1, { 'in outer': (v) => v === 1 });
    return group('inner', () => {
      check(2, { 'in inner': (v) => v === 3 });
      return 'from inner';
    });
  });
  check(value, { 'at the root': (v) => v === 'from inner' });
  console.log(value, group('empty', () => {}));
  try {
    group('throws', () => {
      throw new Error('thrown through a group');
    });
  } catch (error) {
    console.log(error.message);
  }
  check(1, { 'after the throw': () => true });
}
