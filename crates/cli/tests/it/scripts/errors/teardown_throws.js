export function teardown() {
  throw new Error('not logged out');
}
export default function () {}
