// Relative modules, CommonJS by require() and by import, cycles, and one instance of each.
// compare: exit, console
import answer, { double, counter } from './lib/answer.js';
import * as all from './lib/answer.js';
import legacy from './lib/legacy.cjs.js';
import { even } from './lib/even.js';

const required = require('./lib/legacy.cjs.js');

export default function () {
  console.log(answer, double(4), Object.keys(all).sort());
  console.log(legacy.name, legacy.greet('you'), required === legacy || required.name === legacy.name);
  console.log(even(4), even(7));
  counter.value += 1;
  console.log(counter.value, all.counter.value, counter === all.counter);
}
