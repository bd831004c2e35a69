// A script from standard input, with imports beside the folder.
// file: -
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
