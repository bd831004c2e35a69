// An exception in teardown() ends the run with 107, after its iterations.
// args: --iterations 2
// compare: exit, console, errors, counts(iterations)
export function setup() {}

export default function () {
  console.log('iteration', __ITER);
}

export function teardown() {
  throw new Error('cannot clean up');
}
