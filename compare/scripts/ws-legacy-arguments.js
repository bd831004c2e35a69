// k6/ws: the arguments of `connect`, and those that it refuses.
// compare: exit, console, counts(ws_sessions)
import ws from 'k6/ws';

const url = `${__ENV.WS_URL}/echo`;
const close = (socket) => socket.close();
const attempt = (name, run) => {
  try {
    console.log(name, run().status);
  } catch (error) {
    console.log(name, error.message);
  }
};

export default function () {
  attempt('none', () => ws.connect());
  attempt('url', () => ws.connect(url));
  attempt('null', () => ws.connect(url, null));
  attempt('params only', () => ws.connect(url, {}));
  attempt('number', () => ws.connect(url, {}, 5));
  attempt('callback', () => ws.connect(url, close));
  attempt('undefined', () => ws.connect(url, undefined, close));
  attempt('text', () => ws.connect(url, 'text', close));
  attempt('unknown', () => ws.connect(url, { foo: 1 }, close));
  attempt('headers', () => ws.connect(url, { headers: 'x' }, close));
  attempt('no headers', () => ws.connect(url, { headers: null }, close));
  attempt('header', () => ws.connect(url, { headers: { 'X-Number': 1 } }, close));
  attempt('jar', () => ws.connect(url, { jar: 'x' }, close));
  attempt('gzip', () => ws.connect(url, { compression: 'gzip' }, close));
  attempt('empty', () => ws.connect(url, { compression: '' }, close));
  attempt('deflate', () => ws.connect(url, { compression: 'deflate' }, close));
}
