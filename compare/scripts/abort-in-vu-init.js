// `test.abort()` in the init code of a VU: no iteration starts.
// compare: exit, console, errors
import exec from 'k6/execution';

if (__VU === 2) exec.test.abort('from init code');

export const options = { vus: 3, iterations: 3 };

export default function () {
  console.log('iteration');
}

export function handleSummary() {
  console.log('summary');
  return {};
}
