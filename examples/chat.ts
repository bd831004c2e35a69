// chat.js in TypeScript: the types are stripped, the rest is the same script.
//
//   sockeye run --with-server examples/chat.ts

import { check } from 'k6';
import { Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';
import { randomIntBetween, randomString } from 'https://jslib.k6.io/k6-utils/1.1.0/index.js';

interface RoomEvent {
  event: 'CHAT_MSG' | 'ERROR';
  user?: string;
  message: string;
}

type Member = `${number}:${number}`;

const CHAT_URL: string = __ENV.CHAT_URL || 'wss://chat.example/ws';
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
} as const;

export default function (): void {
  for (let id = 0; id < CONNECTIONS; id++) {
    join(`${__VU}:${id}` as Member);
  }
}

function join(name: Member): void {
  const socket = new WebSocket(CHAT_URL);
  const said = new Map<string, number>(); // message -> when it was said
  let heard = 0;

  const send = (event: string, rest: Record<string, string> = {}): void => {
    socket.send(JSON.stringify({ event, ...rest }));
  };

  socket.addEventListener('open', () => {
    send('SET_NAME', { new_name: name });

    const talking = setInterval(() => {
      const message = `I'm saying ${randomString(8)}`;
      said.set(message, Date.now());
      send('SAY', { message });
    }, randomIntBetween(400, 800));

    setTimeout(() => {
      clearInterval(talking);
      send('LEAVE');
      setTimeout(() => socket.close(), GOODBYE_MS);
    }, SESSION_MS);
  });

  socket.addEventListener('message', (event: { data: string }) => {
    const { event: kind, user, message } = JSON.parse(event.data) as RoomEvent;
    if (kind === 'ERROR') {
      console.error(`${name} was told: ${message}`);
      return;
    }
    heard += 1;
    if (user === name && said.has(message)) {
      roundTrip.add(Date.now() - said.get(message)!);
      said.delete(message);
    }
  });

  socket.addEventListener('error', (event: { error: string }) => {
    console.error(`${name}: ${event.error}`);
  });

  socket.addEventListener('close', () => {
    check(heard, { 'heard the room': (count: number) => count > 0 });
    console.log(`${name} heard ${heard} messages`);
  });
}
