// shape: idle sockets, N in all on 100 VUs, all closed at one moment
// per: ws_sessions
// sizes: 2000 10000
// one: socket
// hold: 4
import { WebSocket } from 'k6/websockets';

const VUS = 100;

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: VUS, iterations: 1 } } };

// Opening takes a few seconds of these, and memory is looked at in the last four.
export function setup() {
  return Date.now() + 9000;
}

export default function (end) {
  for (let i = 0; i < Number(__ENV.N) / VUS; i++) {
    const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
    setTimeout(() => socket.close(), end - Date.now());
  }
}
