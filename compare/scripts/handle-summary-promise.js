// handleSummary may be asynchronous; its timers run before what it returns is written.
// compare: exit, console, errors
import { sleep } from 'k6';

export default function () {}

export async function handleSummary() {
  sleep(0.01);
  setTimeout(() => console.log('a timer'), 20);
  await Promise.resolve();
  console.log('returning');
  return { stderr: '' };
}
