// The first VU never ends and catches all it can; the others wait in the middle of a call meanwhile.
import { sleep } from 'k6';

function deep(level) {
  try {
    return level > 0 ? deep(level - 1) : sleep(0.01);
  } catch {
    console.log('caught');
  } finally {
    if (__VU === 1) console.log('finally');
  }
}

export default function () {
  if (__VU === 1) {
    sleep(0.05);
    for (;;) {
      try {
        for (;;);
      } catch {
        console.log('caught');
      }
    }
  }
  deep(10);
  if (__ITER === 1) console.log(`${__VU} done`);
}
