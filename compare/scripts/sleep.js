// sleep() blocks its VU for fractions of a second and nobody else.
// args: --vus 5 --iterations 5
// compare: exit, console sorted, counts(iterations)
import { sleep } from 'k6';

export default function () {
  const before = Date.now();
  sleep(0.2);
  sleep(0);
  const elapsed = Date.now() - before;
  console.log('slept', elapsed >= 195 && elapsed < 600);
}
