// Data with a number that is none can't be given to VUs.
// compare: exit, console
export function setup() {
  return { n: NaN };
}

export default function () {
  console.log('never');
}
