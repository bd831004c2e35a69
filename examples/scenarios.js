// Several kinds of users at once: each scenario has its own executor, function, environment and
// tags. setup() runs once before them, teardown() once after.
//
//   sockeye run --with-server examples/scenarios.js

import { check, sleep } from 'k6';
import exec from 'k6/execution';
import { WebSocket } from 'k6/websockets';

const ECHO_URL = __ENV.ECHO_URL || 'ws://echo.example/echo';

export const options = {
  scenarios: {
    visitors: {
      executor: 'ramping-vus',
      exec: 'visit',
      stages: [
        { duration: '1s', target: 4 },
        { duration: '1s', target: 4 },
        { duration: '1s', target: 0 },
      ],
      gracefulRampDown: '2s',
    },
    talkers: {
      executor: 'constant-vus',
      exec: 'talk',
      vus: 2,
      duration: '3s',
      env: { GREETING: 'good evening' },
      tags: { kind: 'talker' },
    },
    batch: {
      executor: 'shared-iterations',
      exec: 'work',
      vus: 2,
      iterations: 10,
      startTime: '1s',
    },
  },
  thresholds: {
    checks: ['rate==1'],
    'checks{kind:talker}': ['rate==1'],
    'iterations{scenario:batch}': ['count==10'],
  },
};

export function setup() {
  return { room: 'lobby' };
}

export function visit() {
  sleep(0.2);
}

export function talk({ room }) {
  const socket = new WebSocket(ECHO_URL);
  const line = `${__ENV.GREETING}, ${room}`;
  socket.onopen = () => socket.send(line);
  socket.onmessage = ({ data }) => {
    check(data, { 'heard the greeting': (text) => text === 'good evening, lobby' });
    setTimeout(() => socket.close(), 200);
  };
  socket.onerror = ({ error }) => {
    console.error(`talk failed: ${error}`);
    check(error, { 'no error': () => false });
  };
}

export function work({ room }) {
  check(exec.scenario, {
    'is the batch': (scenario) => scenario.name === 'batch',
    'is one of ten': (scenario) => scenario.iterationInTest < 10,
  });
  sleep(0.1);
  if (exec.scenario.iterationInTest === 9) {
    console.log(`the last piece of work in the ${room} is done`);
  }
}

export function teardown({ room }) {
  console.log(`closing the ${room}`);
}
