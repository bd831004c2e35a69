// Bytes arrive as blobs when that is asked for.
// compare: exit, console
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.binaryType = 'blob';
  socket.onopen = () => socket.send(new Uint8Array([104, 105]));
  socket.onmessage = async ({ data }) => {
    const text = await data.text();
    const buffer = await data.arrayBuffer();
    console.log(data.size, text, buffer.byteLength);
    socket.close();
  };
}
