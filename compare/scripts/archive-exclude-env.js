// Variables that are kept out of an archive.
// command: archive -O packed.tar
// args: -e FROM=me --exclude-env-vars --include-system-env-vars
// then: run packed.tar --include-system-env-vars=false
// compare: exit, console
import { greeting } from './lib/greeting.js';
const data = open('lib/data.txt');
export const options = { vus: 1, iterations: 1, tags: { from: __ENV.FROM || 'nobody' } };
export function setup() {
  return greeting('setup');
}
export default function (given) {
  console.log(given, data.trim(), __ENV.FROM, __ENV.K6_ITERATIONS, __ENV.HOME === undefined);
}
