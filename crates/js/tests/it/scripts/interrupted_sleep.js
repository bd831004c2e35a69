// interrupt-after-ms: 100
import { sleep } from 'k6';

export default function () {
  try {
    sleep(60);
  } catch {
    console.log('never');
  } finally {
    console.log('never');
  }
}
