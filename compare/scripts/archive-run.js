// An archive runs without the files that it was made from, with what was said when it was made.
// command: archive -O packed.tar
// args: --iterations 2 -e FROM=me
// then: run packed.tar
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
