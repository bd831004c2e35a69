// shape: 1,000 VUs with a socket each take turns, one message of 60 bytes of JSON in flight, N messages per socket
// per: ws_msgs_received
// raw: echo 1000 60 1
// sizes: 50 300
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 1000, iterations: 1 } } };

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  let left = Number(__ENV.N);
  const send = () => socket.send(JSON.stringify({ sequence: left, user: 'somebody', text: 'something to say' }));
  socket.onopen = send;
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.sequence !== left) throw new Error(`got ${message.sequence}, not ${left}`);
    if (--left > 0) send(); else socket.close();
  };
}
