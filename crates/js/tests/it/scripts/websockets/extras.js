// What k6 does not have: limits for one socket, the server's answer, numbers of errors.
import { WebSocket } from 'k6/websockets';

const attempt = (name, params) => {
  try {
    new WebSocket('ws://host/', null, params);
    console.log(name, 'did not throw');
  } catch (error) {
    console.log(name, error.name, error.message);
  }
};

const closed = (ws) => new Promise((resolve) => {
  ws.addEventListener('error', (event) => console.log(' error', event.error.replace(/\d+\.\d+\.\d+\.\d+:\d+/g, 'ADDRESS'), event.errorCode, JSON.stringify(event.response)));
  ws.addEventListener('close', (event) => { console.log(' close', event.code, event.wasClean, ws.bufferedAmount); resolve(event); });
});
const opened = (ws) => new Promise((resolve) => { ws.addEventListener('open', resolve); });

export default async function () {
  attempt('near', { timeOut: 1 });
  attempt('far', { nonsense: 1 });
  attempt('timeout', { timeout: 'soon' });
  attempt('timeout', { timeout: 0 });
  attempt('closeTimeout', { closeTimeout: -1 });
  attempt('maxMessageSize', { maxMessageSize: 1.5 });
  attempt('maxBufferedAmount', { maxBufferedAmount: '5' });
  attempt('localIP', { localIP: 'localhost' });
  attempt('tlsAuth', { tlsAuth: 'cert' });
  attempt('tlsAuth', { tlsAuth: { cert: 'x' } });
  attempt('tlsAuth', { tlsAuth: { cert: 'x', key: 'y' } });
  attempt('tlsAuth', { tlsAuth: { certificate: 'x', key: 'y' } });
  attempt('bits', { compression: { clientMaxWindowBits: 16 } });
  attempt('takeover', { compression: { serverNoContextTakeover: 1 } });
  attempt('compression', { compression: { serverMaxWindowBit: 9 } });
  attempt('algorithm', { compression: { algorithm: 'gzip' } });
  const cyclic = {};
  cyclic.algorithm = cyclic;
  attempt('cyclic', { compression: cyclic });
  attempt('header', { headers: { a: { toString() { throw new RangeError('mine'); } } } });
  attempt('http2', { http2: 'yes' });
  attempt('a getter that throws', { get timeout() { throw new RangeError('mine'); } });

  console.log('refused');
  await closed(new WebSocket(__ENV.REFUSES));

  console.log('too slow');
  await closed(new WebSocket(__ENV.STALLS, null, { timeout: 50 }));

  console.log('response');
  let ws = new WebSocket(`${__ENV.WS}/echo`, null, {
    timeout: '5s', localIP: '127.0.0.1', maxMessageSize: 10,
    compression: { algorithm: 'deflate', clientMaxWindowBits: 9, serverNoContextTakeover: true },
  });
  console.log(ws.response);
  await opened(ws);
  console.log(ws.response.status, ws.response.proto, ws.response.headers.Upgrade, ws.response === ws.response, ws.extensions);

  console.log('maxMessageSize');
  ws.send('a'.repeat(11));
  await closed(ws);
  console.log(ws.response.status);

  console.log('maxBufferedAmount');
  ws = new WebSocket(`${__ENV.WS}/echo`, null, { maxBufferedAmount: 10 });
  await opened(ws);
  ws.send('12345');
  ws.send('12345');
  ws.send('1');
  ws.send('it is full');
  console.log(ws.readyState, ws.bufferedAmount);
  await closed(ws);
  console.log(ws.readyState);
}
