// With a seed the sequence repeats, and another seed gives another one.
// compare: exit, console
import { randomSeed } from 'k6';

function draw() {
  return [Math.random(), Math.random(), Math.random()];
}

export default function () {
  randomSeed(123);
  const first = draw();
  randomSeed(123);
  const again = draw();
  randomSeed(321);
  const other = draw();
  console.log(first.every((value, at) => value === again[at]));
  console.log(first.some((value, at) => value !== other[at]));
  console.log(first.every((value) => value >= 0 && value < 1));
}
