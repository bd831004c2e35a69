// shape: echo of 20 bytes, 100 VUs with a socket each, one message in flight; N messages per socket
// per: ws_msgs_received
// raw: echo 100 20 1
// raw: echo_uring 100 20 1
// sizes: 3000
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 100, iterations: 1 } } };

const message = 'x'.repeat(20);

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  let left = Number(__ENV.N);
  socket.onopen = () => socket.send(message);
  socket.onmessage = () => { if (--left > 0) socket.send(message); else socket.close(); };
}
