import ws from 'k6/ws';

const url = `${__ENV.WS}/echo`;
const close = (socket) => socket.close();
const attempt = (name, run) => {
  try {
    const { status, error, error_code: code } = run();
    console.log(name, status, error, code);
  } catch (error) {
    console.log(name, error.name, error.message);
  }
};

export default function () {
  attempt('none', () => ws.connect());
  attempt('url', () => ws.connect(url));
  attempt('null', () => ws.connect(url, null));
  attempt('number', () => ws.connect(url, {}, 5));
  attempt('callback', () => ws.connect(url, close));
  attempt('more', () => ws.connect(url, close, close, 5));
  attempt('text', () => ws.connect(url, 'text', close));
  attempt('unknown', () => ws.connect(url, { foo: 1 }, close));
  attempt('headers', () => ws.connect(url, { headers: 'x', tags: 'x', jar: 'x' }, close));
  attempt('header', () => ws.connect(url, { headers: { 'a b': 'c' } }, close));
  attempt('tag', () => ws.connect(url, { tags: { a: {} } }, close));
  attempt('gzip', () => ws.connect(url, { compression: 'gzip' }, close));
  attempt('getter', () => ws.connect(url, { get tags() { throw new Error('mine'); } }, close));
  const throws = { toString() { throw new Error('mine'); } };
  attempt('header that throws', () => ws.connect(url, { headers: { a: throws } }, close));
  attempt('event that throws', () => ws.connect(url, (socket) => socket.on(throws, close)));
  attempt('empty', () => ws.connect('', close));
  attempt('relative', () => ws.connect('/ws', close));
  attempt('scheme', () => ws.connect('http://host/', close));
  attempt('bad', () => ws.connect('ws://[::1', close));
  attempt('fragment', () => ws.connect(`${url}#fragment`, close));
}
