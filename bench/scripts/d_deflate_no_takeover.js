// shape: as d_deflate, but sockeye offers no context takeover either way, which is all that k6 can do
// per: ws_msgs_received
// sizes: 1000
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 100, iterations: 1 } } };

const message = JSON.stringify(Array.from({ length: 34 }, (_, i) => ({ id: i * 7919, name: `item ${i}` })));

const narrowed = { algorithm: 'deflate', clientNoContextTakeover: true, serverNoContextTakeover: true };
const compression = __ENV.TOOL === 'k6' ? 'deflate' : narrowed;

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`, null, { compression });
  let left = Number(__ENV.N);
  socket.onopen = () => socket.send(message);
  socket.onmessage = () => { if (--left > 0) socket.send(message); else socket.close(); };
}
