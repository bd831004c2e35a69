// shape: echo of 20 bytes, 100 VUs with a socket each, 16 messages in flight; N messages per socket
// per: ws_msgs_received
// raw: echo 100 20 16
// raw: echo_uring 100 20 16
// sizes: 8000
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 100, iterations: 1 } } };

const message = 'x'.repeat(20);

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  const all = Number(__ENV.N);
  let sent = 0;
  let heard = 0;
  const send = () => { sent++; socket.send(message); };
  socket.onopen = () => { for (let i = 0; i < 16; i++) send(); };
  socket.onmessage = () => {
    heard++;
    if (sent < all) send();
    else if (heard === all) socket.close();
  };
}
