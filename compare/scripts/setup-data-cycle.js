// Data with a cycle can't be given to VUs.
// compare: exit, console
export function setup() {
  const a = {};
  a.a = a;
  return a;
}

export default function () {
  console.log('never');
}
