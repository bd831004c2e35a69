// `test.abort()` in `handleSummary`: it is told, the test ended before.
// compare: exit, console, errors
import exec from 'k6/execution';

export default function () {}

export function handleSummary() {
  exec.test.abort('too late');
  console.log('never');
  return {};
}
