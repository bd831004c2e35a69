// An async function is awaited; its rejection is the iteration's exception.
// args: --iterations 3
// compare: exit, console, errors, counts(iterations)
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export default async function () {
  console.log('before', __ITER);
  await pause(20);
  if (__ITER === 1) {
    throw new Error('late');
  }
  console.log('after', __ITER);
}
