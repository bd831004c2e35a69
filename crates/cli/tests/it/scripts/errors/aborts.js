import exec from 'k6/execution';
export function teardown() {
  console.log('teardown');
}
export default function () {
  exec.test.abort('enough');
}
