// A rate of arrivals instead of a number of users: iterations start when the schedule says, however
// long the ones before take. VUs beyond `preAllocatedVUs` are made when they are missed, up to
// `maxVUs`; an iteration that finds none is counted in `dropped_iterations`.
//
//   sockeye run --with-server examples/arrival-rate.js
//   sockeye run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 …   (half of it)

import { check } from 'k6';
import exec from 'k6/execution';
import { WebSocket } from 'k6/websockets';

const ECHO_URL = __ENV.ECHO_URL || 'ws://echo.example/echo';

export const options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: 120, // a minute …
      timeUnit: '1m', // … which is one every 500 ms
      duration: '3s',
      preAllocatedVUs: 2,
      maxVUs: 10,
    },
    rush: {
      executor: 'ramping-arrival-rate',
      startTime: '1s',
      startRate: 0,
      stages: [
        { duration: '1s', target: 20 }, // up to 20 a second: 10 iterations
        { duration: '500ms', target: 20 }, // 10 more
        { duration: '0s', target: 2 }, // at once down to 2 a second
        { duration: '500ms', target: 2 }, // one more
      ],
      preAllocatedVUs: 10,
      tags: { kind: 'rush' },
    },
  },
  thresholds: {
    checks: ['rate==1'],
    'iterations{scenario:steady}': ['count==6'],
    'iterations{kind:rush}': ['count==21'],
    dropped_iterations: ['count==0'],
  },
};

export default function () {
  const socket = new WebSocket(ECHO_URL);
  const line = `arrival ${exec.scenario.iterationInTest} of ${exec.scenario.name}`;
  socket.onopen = () => socket.send(line);
  socket.onmessage = ({ data }) => {
    check(data, { 'heard its own number': (text) => text === line });
    socket.close();
  };
  socket.onerror = ({ error }) => check(error, { 'no error': () => false });
}
