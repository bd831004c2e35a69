// A rejection that nobody handles ends the iteration like an exception.
// args: --iterations 2
// compare: exit, console, errors, counts(iterations)
export default function () {
  console.log('iteration', __ITER);
  if (__ITER === 0) {
    Promise.reject(new Error('nobody cares'));
    setTimeout(() => console.log('timer'), 30);
  }
}
