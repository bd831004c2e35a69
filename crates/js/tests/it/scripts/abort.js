// iterations: 3
import { test } from 'k6/execution';

export default function () {
  console.log('before', __ITER);
  try {
    if (__ITER === 1) test.abort('enough');
  } finally {
    if (__ITER === 1) console.log('never');
  }
  console.log('after', __ITER);
}
