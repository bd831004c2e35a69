// Bytes there and back, as buffers and views.
// compare: exit, console, counts(ws_msgs_sent, ws_msgs_received)
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.binaryType = 'arraybuffer';
  const big = new Uint8Array(70000).map((_, at) => at % 251);
  let count = 0;
  socket.onopen = () => {
    socket.send(new Uint8Array([1, 2, 3]).buffer);
    socket.send(new Uint8Array([4, 5]));
    socket.send(big.buffer);
  };
  socket.onmessage = ({ data }) => {
    const bytes = new Uint8Array(data);
    const sum = bytes.reduce((total, byte) => total + byte, 0);
    console.log(data instanceof ArrayBuffer, bytes.length, sum);
    count += 1;
    if (count === 3) {
      socket.close();
    }
  };
}
