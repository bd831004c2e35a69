// Test data that exists once for all VUs: a SharedArray made by a function, and one of the records of a
// CSV file. Each VU takes other elements, and gets copies that it can't change.
//
//   sockeye run --with-server examples/users.js

import exec from 'k6/execution';
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import csv from 'k6/experimental/csv';
import { open } from 'k6/experimental/fs';
import { WebSocket } from 'k6/websockets';

const ECHO_URL = __ENV.ECHO_URL || 'ws://echo.example/echo';

export const options = {
  scenarios: { users: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } },
  thresholds: { checks: ['rate==1'] },
};

// Runs once, whatever the number of VUs.
const greetings = new SharedArray('greetings', () => ['hello', 'good day', 'how are you'].map((text) => ({ text })));
const users = await csv.parse(await open('users.csv'), { asObjects: true });

export default function () {
  const user = users[exec.scenario.iterationInTest % users.length];
  const { text } = greetings[exec.vu.idInTest % greetings.length];
  const socket = new WebSocket(ECHO_URL);
  socket.onopen = () => socket.send(`${text}, ${user.name}`);
  socket.onmessage = ({ data }) => {
    check(data, { 'the greeting came back': (echo) => echo === `${text}, ${user.name}` });
    socket.close();
  };
}
