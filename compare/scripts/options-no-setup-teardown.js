// Without `setup` by a flag, without `teardown` by a variable.
// args: --no-setup
// env: K6_NO_TEARDOWN=true
// compare: exit, console
export function setup() {
  console.log('setup');
}
export default function () {
  console.log('iteration');
}
export function teardown() {
  console.log('teardown');
}
