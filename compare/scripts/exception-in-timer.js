// An exception in a callback ends its iteration: other timers of it are dropped.
// args: --iterations 2
// compare: exit, console, errors, counts(iterations)
export default function () {
  setTimeout(() => console.log('before'), 5);
  setTimeout(() => {
    throw new Error('in a timer');
  }, 20);
  setTimeout(() => console.log('never'), 60);
}
