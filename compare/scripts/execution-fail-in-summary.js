// `test.fail()` in `handleSummary`.
// compare: exit, console, errors
import exec from 'k6/execution';

export default function () {}

export function handleSummary() {
  exec.test.fail('from the summary');
  console.log('goes on');
  return {};
}
