// run: --iterations 2
export default function () {
  throw new Error('boom');
}
