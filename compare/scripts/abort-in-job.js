// `test.abort()` in a promise's reaction: no reaction, `catch` or `finally` runs after it.
// compare: exit, console, errors, warnings
import exec from 'k6/execution';

export default async function () {
  setTimeout(() => console.log('never'), 5000);
  const job = Promise.resolve().then(() => {
    Promise.resolve().then(() => console.log('a later job'));
    exec.test.abort('from a job');
  });
  try {
    await job.finally(() => console.log('finally'));
  } catch (error) {
    console.log('caught');
  }
}

export function teardown() { console.log('teardown'); }
