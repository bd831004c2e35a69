// shape: connect and close, 50 VUs, N sockets each, one after the other
// per: ws_sessions
// sizes: 400
// raw: churn 50
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 50, iterations: Number(__ENV.N) } } };

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.onopen = () => socket.close();
}
