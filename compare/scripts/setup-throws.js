// An exception in setup() ends the run with 107; teardown() does not run.
// compare: exit, console, errors, counts(iterations)
export function setup() {
  console.log('setup');
  throw new Error('no data today');
}

export default function () {
  console.log('never');
}

export function teardown() {
  console.log('teardown');
}
