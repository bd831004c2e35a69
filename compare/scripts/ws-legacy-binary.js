// k6/ws: binary messages, and what `sendBinary` does not take.
// compare: exit, console, counts(ws_msgs_sent, ws_msgs_received)
import { connect } from 'k6/ws';

export default function () {
  connect(`${__ENV.WS_URL}/echo`, null, (socket) => {
    socket.on('open', () => {
      for (const wrong of [[], ['text'], [new Uint8Array(2)], [null], [undefined], [[1]], [{}], [5], [true], [new DataView(new ArrayBuffer(1))]]) {
        try {
          socket.sendBinary(...wrong);
          console.log('sent');
        } catch (error) {
          console.log(error.message);
        }
      }
      socket.sendBinary(new Uint8Array([1, 2, 3]).buffer);
      socket.sendBinary(new ArrayBuffer(300000));
    });
    socket.on('message', () => console.log('text'));
    let count = 0;
    socket.on('binaryMessage', (data) => {
      console.log(Object.prototype.toString.call(data), data.byteLength, new Uint8Array(data).slice(0, 3).join());
      if (++count === 2) socket.close(1000);
    });
    socket.on('close', (code) => console.log(code));
  });
}
