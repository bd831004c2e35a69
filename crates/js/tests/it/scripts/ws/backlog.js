// interrupt-after-ms: 1500
// A script that sends faster than its peer reads: `send` waits once too much is queued.
import ws from 'k6/ws';

const mebibyte = 'a'.repeat(1 << 20);
const params = { maxBufferedAmount: 4 << 20, closeTimeout: 50 };

export default function () {
  ws.connect(__ENV.READS, params, (socket) => {
    let sent = 0;
    socket.on('open', () => {
      for (; sent < 16; sent += 1) socket.send(mebibyte);
      for (; sent < 32; sent += 1) socket.sendBinary(new ArrayBuffer(1 << 20));
      socket.close();
    });
    socket.on('close', (code) => console.log(code, sent));
  });
  ws.connect(__ENV.STOPS, params, (socket) => {
    socket.on('open', () => {
      // More than the system takes.
      socket.send(mebibyte.repeat(64));
      console.log('never');
    });
    socket.on('close', () => console.log('never'));
  });
}
