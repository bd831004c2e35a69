// SharedArray: what it is, what it gives, what it refuses. Its function runs once for all VUs.
import { SharedArray } from 'k6/data';

const attempt = (name, run) => {
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', String(error));
  }
};

const array = new SharedArray('numbers', () => {
  console.log('made');
  return [{ x: 1, y: { z: [1, 2] } }, 'two', 3, [4, 5], null, undefined, { toJSON: () => 'J' }, 'é\ud800'];
});
const same = new SharedArray('numbers', () => [9]);
const empty = SharedArray('empty', () => []);

attempt('not in its own making', () => new SharedArray('outer', () => {
  const inner = new SharedArray('inner', () => [1, 2]);
  return [...inner, 3];
}));
for (const [name, ...rest] of [
  ['no name', '', () => []], ['no function', 'a'], ['async', 'a', async () => []],
  ['undefined', 'a', () => {}], ['object', 'a', () => ({})], ['typed', 'a', () => new Uint8Array(1)],
  ['throws', 'a', () => { throw new RangeError('mine'); }], ['bigint', 'a', () => [1n]],
]) attempt(name, () => new SharedArray(...rest));
attempt('after failures', () => new SharedArray('a', () => [1]));

export default function () {
  attempt('late', () => new SharedArray('late', () => [1]));
  attempt('lengths', () => [array.length, same.length, empty.length]);
  attempt('elements', () => array);
  attempt('not elements', () => [array[-1], array[1.5], array['01'], array['+1'], array[8], array.nothing].map(String));
  attempt('is an array', () => [Array.isArray(array), array instanceof Array, array instanceof SharedArray]);
  attempt('in', () => [0 in array, 8 in array, 'length' in array, 'map' in array]);
  attempt('keys', () => [Object.keys(array), Object.getOwnPropertyNames(array)]);
  attempt('describe', () => [Object.getOwnPropertyDescriptor(array, 2), Object.getOwnPropertyDescriptor(array, 'length')]);
  attempt('methods', () => [array.map((_, i) => i), array.filter((e) => e === 3), array.slice(1, 3),
    array.indexOf('two'), array.find((e) => e === 'two'), array.at(-2), array.includes(3),
    array.reduce((n) => n + 1, 0), array.concat([1]).length, [...array].length, [...array.entries()].length]);
  attempt('for of', () => { let n = 0; for (const _ of array) n++; return n; });
  attempt('for in', () => { const keys = []; for (const key in array) keys.push(key); return keys; });
  for (const [name, change] of Object.entries({
    element: () => { array[0] = 1; }, beyond: () => { array[100] = 1; }, other: () => { array.x = 1; },
    length: () => { array.length = 0; }, push: () => array.push(1), pop: () => array.pop(),
    sort: () => array.sort(), reverse: () => array.reverse(), splice: () => array.splice(0, 1),
    fill: () => array.fill(0), delete: () => delete array[0], deleteLength: () => delete array.length,
    define: () => Object.defineProperty(array, 0, { value: 1 }), freeze: () => Object.freeze(array),
    inElement: () => { array[0].x = 2; }, deep: () => array[0].y.z.push(3), addition: () => { array[0].q = 1; },
  })) attempt(name, change);
  attempt('delete nothing', () => [delete array[100], delete array.x]);
  attempt('frozen', () => [array[0], array[0].y, array[3]].every(Object.isFrozen));
  attempt('anew each time', () => array[0] !== array[0]);
  console.log(array, { array: empty });
}
