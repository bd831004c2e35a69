// shape: round trips of N bytes, as many as there is time for in 5 s, one in flight on each of 100 sockets of 100 VUs
// per: ws_msgs_received
// latency: rtt turn_ms
// sizes: 20 1000
import { WebSocket } from 'k6/websockets';
import { Trend } from 'k6/metrics';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 100, iterations: 1 } } };

const rtt = new Trend('rtt', true);

// k6 has no clock finer than a millisecond, so there a round trip looks up to one longer.
const now = globalThis.performance ? () => performance.timeOrigin + performance.now() : () => Date.now();

const message = 'x'.repeat(Number(__ENV.N));

export default function () {
  // Held for no time, but counted: what the server says is from one message of a socket to the next.
  const socket = new WebSocket(`${__ENV.WS_URL}/echo?delay=0`);
  const end = Date.now() + 5000;
  let sent;
  const send = () => {
    sent = now();
    socket.send(message);
  };
  socket.onopen = send;
  socket.onmessage = (event) => {
    rtt.add(event.timestamp - sent);
    if (event.timestamp < end) send(); else socket.close();
  };
}
