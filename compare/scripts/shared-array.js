// What a SharedArray gives, and what it refuses.
// args: --vus 2 --iterations 2
// compare: exit, console sorted
import { SharedArray } from 'k6/data';

const attempt = (name, run) => {
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', String(error.message));
  }
};

const array = new SharedArray('numbers', () => {
  console.log('made');
  return [{ x: 1, y: { z: [1, 2] } }, 'two', 3, [4, 5], null, { toJSON: () => 'J' }];
});
const same = new SharedArray('numbers', () => [9]);

export function setup() {
  return { second: array[1], fourth: array[3] };
}

export default function (data) {
  attempt('data', () => [data.second, data.fourth]);
  attempt('late', () => new SharedArray('late', () => [1]));
  attempt('lengths', () => [array.length, same.length]);
  attempt('elements', () => array);
  attempt('not elements', () => [array[-1], array[1.5], array[8], array.nothing].map(String));
  attempt('is an array', () => [Array.isArray(array), array instanceof Array]);
  attempt('in', () => [0 in array, 8 in array, 'length' in array, 'map' in array]);
  attempt('keys', () => [Object.keys(array), Object.getOwnPropertyNames(array)]);
  attempt('describe', () => [Object.getOwnPropertyDescriptor(array, 2), Object.getOwnPropertyDescriptor(array, 'length')]);
  attempt('methods', () => [array.map((_, i) => i), array.filter((e) => e === 3), array.slice(1, 3),
    array.indexOf('two'), array.find((e) => e === 'two'), array.at(-2), [...array].length]);
  attempt('for of', () => { let n = 0; for (const _ of array) n++; return n; });
  attempt('for in', () => { const keys = []; for (const key in array) keys.push(key); return keys; });
  attempt('element', () => { array[0] = 1; });
  attempt('beyond', () => { array[100] = 1; });
  attempt('other', () => { array.x = 1; });
  attempt('length', () => { array.length = 0; });
  attempt('push', () => array.push(1));
  attempt('pop', () => array.pop());
  attempt('sort', () => array.sort());
  attempt('delete', () => delete array[0]);
  attempt('delete length', () => delete array.length);
  attempt('delete nothing', () => [delete array[100], delete array.x]);
  attempt('define', () => Object.defineProperty(array, 0, { value: 1 }));
  attempt('freeze', () => Object.freeze(array));
  attempt('frozen', () => [array[0], array[0].y, array[3]].every(Object.isFrozen));
  attempt('anew each time', () => array[0] !== array[0]);
}
