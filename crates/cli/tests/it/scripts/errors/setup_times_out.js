import { sleep } from 'k6';
export const options = { setupTimeout: '100ms' };
export function setup() {
  sleep(3600);
}
export default function () {}
