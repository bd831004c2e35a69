// A chat room under load: each virtual user holds several connections on one event loop.
//
//   sockeye run --with-server examples/chat.js
//   sockeye run -e CHAT_URL=wss://chat.example.org/ws examples/chat.js

import { check } from 'k6';
import { Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';
import { randomIntBetween, randomString } from 'https://jslib.k6.io/k6-utils/1.1.0/index.js';

const CHAT_URL = __ENV.CHAT_URL || 'wss://chat.example/ws';
const CONNECTIONS = 4;
const SESSION_MS = 3000; // how long a member talks before leaving the room
const GOODBYE_MS = 500; // how long a member stays after leaving

// From saying something to hearing it back through the room.
const roundTrip = new Trend('chat_round_trip', true);

export const options = {
  scenarios: {
    members: { executor: 'per-vu-iterations', vus: 3, iterations: 1, maxDuration: '30s' },
  },
  thresholds: {
    checks: ['rate==1'],
    chat_round_trip: ['p(95)<500'],
  },
};

export default function () {
  for (let id = 0; id < CONNECTIONS; id++) {
    join(`${__VU}:${id}`);
  }
}

function join(name) {
  const socket = new WebSocket(CHAT_URL);
  const said = new Map(); // message -> when it was said
  let heard = 0;

  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ event: 'SET_NAME', new_name: name }));

    const talking = setInterval(() => {
      const message = `I'm saying ${randomString(8)}`;
      said.set(message, Date.now());
      socket.send(JSON.stringify({ event: 'SAY', message }));
    }, randomIntBetween(400, 800));

    setTimeout(() => {
      clearInterval(talking);
      socket.send(JSON.stringify({ event: 'LEAVE' }));
      setTimeout(() => socket.close(), GOODBYE_MS);
    }, SESSION_MS);
  });

  socket.addEventListener('message', (event) => {
    const { event: kind, user, message } = JSON.parse(event.data);
    if (kind === 'ERROR') {
      console.error(`${name} was told: ${message}`);
      return;
    }
    heard += 1;
    if (user === name && said.has(message)) {
      roundTrip.add(Date.now() - said.get(message));
      said.delete(message);
    }
  });

  socket.addEventListener('error', (event) => console.error(`${name}: ${event.error}`));

  socket.addEventListener('close', () => {
    check(heard, { 'heard the room': (count) => count > 0 });
    console.log(`${name} heard ${heard} messages`);
  });
}
