// A script that is slower than its peer: what it has not read yet waits with the peer.
import { sleep } from 'k6';
import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(__ENV.FAULT);
  let messages = 0;
  let whileAsleep = 0;
  let awake;
  ws.onmessage = (event) => {
    messages += 1;
    if (awake === undefined) {
      sleep(0.2);
      awake = performance.now();
    } else if (event.timeStamp < awake) {
      whileAsleep += 1;
    }
  };
  ws.onclose = (event) => {
    const limit = 20; // A megabyte, and what was read in the same turn.
    console.log(`${event.code}: ${messages} messages, ${whileAsleep > limit ? whileAsleep : 'few'} while asleep`);
  };
}
