// shape: idle sockets, N VUs with one each, all closed at one moment
// per: ws_sessions
// sizes: 2000 10000
// one: VU
// hold: 4
import { WebSocket } from 'k6/websockets';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: Number(__ENV.N), iterations: 1 } } };

// Opening takes a few seconds of these, and memory is looked at in the last four.
export function setup() {
  return Date.now() + 9000;
}

export default function (end) {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  setTimeout(() => socket.close(), end - Date.now());
}
