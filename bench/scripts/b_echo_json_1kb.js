// shape: echo of 1 kB of JSON, parsed, compared and stringified in the handler, 100 VUs with a socket each
// per: ws_msgs_received
// sizes: 1000
// raw: echo 100 1087 1
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 100, iterations: 1 } } };

const filler = Array.from({ length: 40 }, (_, i) => ({ id: i, name: `item ${i}` }));

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  let left = Number(__ENV.N);
  const send = () => socket.send(JSON.stringify({ sequence: left, filler }));
  socket.onopen = send;
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.sequence !== left) throw new Error(`got ${message.sequence}, not ${left}`);
    if (--left > 0) send(); else socket.close();
  };
}
