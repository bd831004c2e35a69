// An exception ends the iteration with one log line; the run goes on and exits with 0.
// args: --iterations 3
// compare: exit, console, errors, counts(iterations)
function fails() {
  throw new Error('boom');
}

export default function () {
  console.log('iteration', __ITER);
  if (__ITER === 1) {
    fails();
  }
  console.log('end', __ITER);
}
