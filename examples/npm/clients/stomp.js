// @stomp/stompjs: one client hears what another sends, and with -e DROP=1 does so again after the
// loss of its socket. Both are in one VU.
import { Client } from '@stomp/stompjs';
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';

export const options = {
  vus: 5,
  iterations: 10,
  thresholds: { checks: ['rate==1'], ws_errors: [`count==${__ENV.DROP ? 10 : 0}`], round_trip: ['p(95)<1000'] },
};

const sent = new Counter('sent');
const subscriptions = new Counter('subscriptions');
const roundTrip = new Trend('round_trip', true);

export default async function () {
  const [listener, speaker] = [client(), client()];
  await Promise.all([connected(listener), connected(speaker)]);
  await talk(listener, speaker, 5);
  if (__ENV.DROP) {
    const isClosed = next(listener, 'onWebSocketClose');
    const isConnected = next(listener, 'onConnect');
    listener.publish({ destination: '/drop' });
    check(await isClosed, { 'dropped': ({ code }) => code === 1006 });
    await isConnected;
    await talk(listener, speaker, 1);
  }
  await Promise.all([listener.deactivate(), speaker.deactivate()]);
}

function client() {
  return new Client({
    brokerURL: `ws://${__ENV.ADDRESS ?? '127.0.0.1:3000'}/stomp`,
    reconnectDelay: 50,
  });
}

async function connected(client) {
  const isConnected = next(client, 'onConnect');
  client.activate();
  check(await isConnected, { 'connected': ({ command }) => command === 'CONNECTED' });
}

/** What the client's callback of that name is called with next. */
function next(client, name) {
  return new Promise((resolve) => { client[name] = resolve; });
}

async function talk(listener, speaker, count) {
  const destination = `/topic/${__VU}/${__ITER}`;
  let heard;
  let isHeard = new Promise((resolve) => { heard = resolve; });
  const subscription = listener.subscribe(destination, (message) => heard(message));
  subscriptions.add(1);
  // This server says so; otherwise the other socket could be faster.
  check(await isHeard, { 'subscribed': ({ body }) => body === 'subscribed' });
  for (let number = 0; number < count; number++) {
    const body = `message ${number}`;
    const started = performance.now();
    isHeard = new Promise((resolve) => { heard = resolve; });
    speaker.publish({ destination, body, headers: { number: String(number) } });
    sent.add(1);
    const message = await isHeard;
    roundTrip.add(performance.now() - started);
    check(message, {
      'heard the other': () => message.body === body,
      'with its header': () => message.headers.number === String(number),
    });
  }
  subscription.unsubscribe();
}
