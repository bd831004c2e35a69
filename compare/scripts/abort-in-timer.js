// `test.abort()` in a timer's callback: the message names the function that called it.
// compare: exit, console, errors, counts(iterations)
import exec from 'k6/execution';

export const options = { iterations: 2 };

export default function () {
  setTimeout(() => console.log('never'), 5000);
  setTimeout(function late() {
    exec.test.abort('from a timer');
  }, 50);
}

export function teardown() { console.log('teardown'); }
