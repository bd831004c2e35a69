// `test.abort()` in `setup`: nothing of it runs on.
// compare: exit, console, errors
import exec from 'k6/execution';

export function setup() {
  try {
    exec.test.abort('from setup');
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
