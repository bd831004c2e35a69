// shape: idle sockets, N VUs with one each, open for 4 s
// per: ws_sessions
// sizes: 500 1500
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: Number(__ENV.N), iterations: 1 } } };

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  setTimeout(() => socket.close(), 4000);
}
