// A script that is slower than its peer: what it has not read yet waits with the peer. A timer that
// is due gets its turn once all that had come is told.
import { sleep } from 'k6';
import ws from 'k6/ws';

export default function () {
  let messages = 0;
  let whileAsleep = 0;
  ws.connect(__ENV.FAULT, (socket) => {
    socket.on('message', () => {
      messages += 1;
      if (messages === 1) {
        socket.setTimeout(() => { whileAsleep = messages; }, 1);
        sleep(0.2);
      }
    });
    socket.on('close', (code) => {
      const limit = 100; // A megabyte, and what was read in the same turn.
      console.log(`${code}: ${messages} messages, ${whileAsleep > limit ? whileAsleep : 'few'} while asleep`);
    });
  });
}
