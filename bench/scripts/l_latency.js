// shape: round trips to an echo that takes 20 ms, N messages of JSON a second in all on 100 sockets of 25 VUs
// per: ws_msgs_received
// latency: rtt held_ms
// busy: 50 80 100
import { WebSocket } from 'k6/websockets';
import { Trend } from 'k6/metrics';

const VUS = 25, SOCKETS_PER_VU = 4, SECONDS = Number(__ENV.SECONDS);
const PERIOD = (VUS * SOCKETS_PER_VU * 1000) / Number(__ENV.N);

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: VUS, iterations: 1 } } };

const rtt = new Trend('rtt', true);

// k6 has no clock finer than a millisecond, so there a round trip looks up to one longer.
const now = globalThis.performance ? () => performance.timeOrigin + performance.now() : () => Date.now();

const filler = Array.from({ length: 20 }, (_, i) => ({ id: i, name: `item ${i}` }));

function open(number) {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo?delay=20`);
  // When the bytes came, as far as the tool knows; not when it had time for this handler.
  socket.onmessage = (event) => rtt.add(event.timestamp - JSON.parse(event.data).sent);
  socket.onopen = () => {
    // Never waits for answers: what the clock says is due is sent, by sockets out of step.
    const start = now() + (PERIOD * number) / (VUS * SOCKETS_PER_VU);
    let sent = 0;
    const tick = () => {
      const due = Math.min(now() - start, SECONDS * 1000) / PERIOD;
      for (; sent < due; sent++) socket.send(JSON.stringify({ sent: now(), filler }));
      if (sent * PERIOD >= SECONDS * 1000) {
        clearInterval(timer);
        // Time enough for the last answers.
        setTimeout(() => socket.close(), 1000);
      }
    };
    const timer = setInterval(tick, PERIOD);
  };
}

export default function () {
  for (let i = 0; i < SOCKETS_PER_VU; i++) open((__VU - 1) * SOCKETS_PER_VU + i);
}
