// SOCKETS sockets in all, 20 a VU, opened over RAMP seconds and held for HOLD more. Each sends a
// heartbeat every EVERY seconds and hears it back. `cargo xtask reach` runs it, in one process or, as
// execution segments of one test, in several.
import { WebSocket } from 'k6/websockets';
import { Counter } from 'k6/metrics';

const perVu = 20;
const every = Number(__ENV.EVERY) * 1000;
const ramp = Number(__ENV.RAMP) * 1000;
const hold = Number(__ENV.HOLD) * 1000;

export const options = {
  scenarios: {
    all: {
      executor: 'per-vu-iterations',
      vus: Number(__ENV.SOCKETS) / perVu,
      iterations: 1,
      maxDuration: `${ramp / 1000 + hold / 1000 + 60}s`,
    },
  },
  thresholds: { heartbeats_unanswered: ['count==0'], ws_errors: ['count==0'] },
};

const unanswered = new Counter('heartbeats_unanswered');

export default function () {
  for (let i = 0; i < perVu; i++) setTimeout(open, Math.random() * ramp, Date.now() + ramp + hold);
}

function open(end) {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  let waiting = false;
  const beat = () => {
    if (waiting) unanswered.add(1);
    waiting = true;
    socket.send('heartbeat');
  };
  socket.onopen = () => {
    setTimeout(() => {
      beat();
      const timer = setInterval(beat, every);
      setTimeout(() => { clearInterval(timer); socket.close(); }, end - Date.now());
    }, Math.random() * every);
  };
  socket.onmessage = () => { waiting = false; };
}
