// What is said when an archive runs wins.
// command: archive -O packed.tar
// args: -e FROM=me
// env: K6_ITERATIONS=3
// then: run packed.tar --iterations 2 -e FROM=you --include-system-env-vars=false
// compare: exit, console, counts(iterations)
import { greeting } from './lib/greeting.js';
const data = open('lib/data.txt');
export const options = { vus: 1, iterations: 1, tags: { from: __ENV.FROM || 'nobody' } };
export function setup() {
  return greeting('setup');
}
export default function (given) {
  console.log(given, data.trim(), __ENV.FROM, __ENV.K6_ITERATIONS, __ENV.HOME === undefined);
}
