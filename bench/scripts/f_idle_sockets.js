// shape: idle sockets, 20 VUs with N in all, open for 4 s
// per: ws_sessions
// sizes: 1000 5000
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 20, iterations: 1 } } };

export default function () {
  for (let i = 0; i < Number(__ENV.N) / 20; i++) {
    const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
    setTimeout(() => socket.close(), 4000);
  }
}
