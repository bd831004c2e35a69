// What `test.fail()` says of its reason.
// args: --vus 1 --iterations 1
// compare: exit, console, errors
import exec from 'k6/execution';

export default function () {
  exec.test.fail();
  exec.test.fail(undefined);
  exec.test.fail(null);
  exec.test.fail('');
  exec.test.fail(5);
  exec.test.fail({ a: 1 });
}
