// What makes a run fail: thresholds on built-in and own metrics, on parts of them, and one that
// would stop the run at once. With the built-in server all of them hold.
//
//   sockeye run --with-server examples/thresholds.js

import { check, group } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

const ECHO_URL = __ENV.ECHO_URL || 'ws://echo.example/echo';
const SIZES = { small: 16, large: 16384 };

const echoes = new Counter('echoes');
const largest = new Gauge('largest_message');
const intact = new Rate('intact');
const latency = new Trend('echo_latency', true);

export const options = {
  vus: 2,
  iterations: 6,
  thresholds: {
    checks: ['rate==1'],
    echoes: ['count==12'],
    largest_message: ['value<=16384'],
    intact: [{ threshold: 'rate>0.99', abortOnFail: true, delayAbortEval: '2s' }],
    'echo_latency{size:small}': ['p(95)<250'],
    'echo_latency{size:large}': ['p(95)<500', 'max<2000'],
    ws_connecting: ['p(95)<1000'],
  },
};

export default function () {
  const socket = new WebSocket(ECHO_URL, null, { tags: { purpose: 'thresholds' } });
  const pending = Object.entries(SIZES);
  let sentAt = 0;

  function sendNext() {
    sentAt = Date.now();
    socket.send('x'.repeat(pending[0][1]));
  }

  socket.onopen = sendNext;

  socket.onmessage = ({ data }) => {
    const [size, length] = pending.shift();
    group(size, () => {
      const whole = check(data, { 'comes back whole': (text) => text.length === length });
      intact.add(whole, { size });
    });
    echoes.add(1, { size });
    largest.add(length);
    latency.add(Date.now() - sentAt, { size });
    if (pending.length > 0) {
      sendNext();
    } else {
      socket.close();
    }
  };

  socket.onerror = ({ error }) => console.error(`echo failed: ${error}`);
}
