// Data with a function can't be given to VUs.
// compare: exit, console
export function setup() {
  return { a: [1, () => 1] };
}

export default function () {
  console.log('never');
}
