// While a VU sleeps its timers wait; afterwards they run in order.
// compare: exit, console
import { sleep } from 'k6';

export default function () {
  setTimeout(() => console.log('timer of 1 ms'), 1);
  setTimeout(() => console.log('timer of 2 ms'), 2);
  Promise.resolve().then(() => console.log('promise'));
  sleep(0.1);
  console.log('awake');
}
