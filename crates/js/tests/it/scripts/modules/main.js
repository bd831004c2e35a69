import answer, { name } from './esm.js';
import cjs, { shape } from './lib.cjs.js';
import * as k6 from 'k6';

const required = require('./lib.cjs.js');
const esm = require('./esm.js');
const text = open('./data.txt');
const bytes = open('./data.txt', 'b');

try {
  open('./nothing.txt');
} catch (error) {
  console.log(String(error).replace(/file:.*\/|\(.*\)/g, ''));
}

export default function () {
  console.log(answer, name, esm.default, shape, cjs === required, cjs.counter());
  console.log(typeof k6.sleep, Object.keys(k6.default).sort().join());
  console.log(text.trim(), bytes.byteLength);
  for (const late of [() => open('./data.txt'), () => require('./esm.js')]) {
    try {
      late();
    } catch (error) {
      console.log(String(error));
    }
  }
}
