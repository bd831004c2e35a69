// mqtt over WebSocket: subscribes, publishes with every quality of service, hears itself, and with
// -e DROP=1 does so again after the loss of its socket.
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import mqtt from 'mqtt';

export const options = {
  vus: 5,
  iterations: 10,
  thresholds: { checks: ['rate==1'], ws_errors: [`count==${__ENV.DROP ? 10 : 0}`], round_trip: ['p(95)<1000'] },
};

const published = new Counter('published');
const subscriptions = new Counter('subscriptions');
const roundTrip = new Trend('round_trip', true);

export default async function () {
  const client = mqtt.connect(`ws://${__ENV.ADDRESS ?? '127.0.0.1:3000'}`, {
    // The WebSocket that is there, as in a browser, and not the package `ws`.
    forceNativeWebSocket: true,
    // Its cache has a buffer for each number below 65,536, 14 MB in every VU.
    writeCache: false,
    reconnectPeriod: 50,
  });
  await next(client, 'connect');
  await talk(client, 6);
  if (__ENV.DROP) {
    const isClosed = next(client, 'close');
    client.publish('drop', '');
    await isClosed;
    check(client.connected, { 'dropped': (connected) => !connected });
    await next(client, 'connect');
    await talk(client, 1);
  }
  await client.endAsync();
}

function next(client, event) {
  return new Promise((resolve, reject) => {
    client.once(event, resolve);
    if (!__ENV.DROP) client.once('error', reject);
  });
}

async function talk(client, count) {
  const topic = `room/${__VU}/${__ITER}`;
  const [{ qos }] = await client.subscribeAsync(topic, { qos: 2 });
  check(qos, { 'subscribed': () => qos === 2 });
  subscriptions.add(1);
  for (let number = 0; number < count; number++) {
    const text = `größer ${number}`;
    const started = performance.now();
    const isHeard = new Promise((resolve) => { client.once('message', (...heard) => resolve(heard)); });
    await client.publishAsync(topic, text, { qos: number % 3 });
    published.add(1);
    const [from, payload] = await isHeard;
    roundTrip.add(performance.now() - started);
    check(payload, { 'heard itself': () => from === topic && payload.toString() === text });
  }
  await client.unsubscribeAsync(topic);
}
