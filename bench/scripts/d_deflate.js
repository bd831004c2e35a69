// shape: echo of 1 kB of JSON with permessage-deflate as each tool offers it, 100 VUs with a socket each
// per: ws_msgs_received
// sizes: 1000
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 100, iterations: 1 } } };

const message = JSON.stringify(Array.from({ length: 34 }, (_, i) => ({ id: i * 7919, name: `item ${i}` })));

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`, null, { compression: 'deflate' });
  let left = Number(__ENV.N);
  socket.onopen = () => socket.send(message);
  socket.onmessage = () => { if (--left > 0) socket.send(message); else socket.close(); };
}
