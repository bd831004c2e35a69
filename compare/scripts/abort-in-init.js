// test.abort() while the script loads.
// compare: exit, console
import exec from 'k6/execution';

console.log('loading');
exec.test.abort();

export default function () {
  console.log('never');
}
