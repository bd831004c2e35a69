// Nothing from setup is nothing for the VUs.
// compare: exit, console
export function setup() {}

export default function (data) {
  console.log(typeof data);
}

export function teardown(data) {
  console.log(typeof data);
}
