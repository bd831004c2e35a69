// Timers run in the order of their time, then of their making; cleared ones do not run; an
// iteration lasts until none is left.
// args: --iterations 2
// compare: exit, console, counts(iterations)
export default function () {
  console.log('start', __ITER);
  setTimeout(() => console.log('40'), 40);
  setTimeout(() => console.log('0 a'), 0);
  setTimeout((...args) => console.log('10 with', ...args), 10, 'more', 'arguments');
  setTimeout(() => console.log('0 b'), 0);
  const cleared = setTimeout(() => console.log('never'), 5);
  clearTimeout(cleared);
  let ticks = 0;
  const interval = setInterval(() => {
    ticks += 1;
    console.log('tick', ticks);
    if (ticks === 3) {
      clearInterval(interval);
      setTimeout(() => console.log('the last'), 60);
    }
  }, 15);
  console.log('end of the function');
}
