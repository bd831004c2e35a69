// `test.abort()` in `teardown`: nothing of it runs on.
// compare: exit, console, errors
import exec from 'k6/execution';

export function teardown() {
  try {
    exec.test.abort('from teardown');
  } catch (error) {
    console.log('caught');
  } finally {
    console.log('finally');
  }
}

export default function () { console.log('iteration'); }

export function handleSummary() {
  console.log('summary');
  return {};
}
