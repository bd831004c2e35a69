// A rejected promise of setup ends the run.
// compare: exit, console
export function setup() {
  return Promise.reject(new Error('no'));
}

export default function () {
  console.log('never');
}
