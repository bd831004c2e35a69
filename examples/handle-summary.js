// A report of one's own: what `handleSummary` returns is written instead of the summary.
//
//   sockeye run --with-server examples/handle-summary.js
//
// Keys are `stdout`, `stderr` and paths of files; values are strings and buffers.

import { check } from 'k6';
import { Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';
import { jUnit, textSummary } from 'https://jslib.k6.io/k6-summary/0.1.0/index.js';

const roundTrip = new Trend('echo_round_trip', true);

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { checks: ['rate==1'], echo_round_trip: ['p(95)<500', 'max<5000'] },
};

export default function () {
  const socket = new WebSocket(__ENV.ECHO_URL || 'wss://echo.example/echo');
  let sent;
  socket.onopen = () => {
    sent = Date.now();
    socket.send('hello');
  };
  socket.onmessage = ({ data }) => {
    roundTrip.add(Date.now() - sent);
    check(data, { 'it is an echo': (text) => text === 'hello' });
    socket.close();
  };
}

export function handleSummary(data) {
  const { med, max } = data.metrics.echo_round_trip.values;
  return {
    stdout: textSummary(data, { indent: ' ', enableColors: data.state.isStdOutTTY }) + '\n',
    stderr: `echoes took ${med} ms, ${max} ms at most\n`,
    'report.json': JSON.stringify(data, null, 2),
    'junit.xml': jUnit(data),
  };
}
