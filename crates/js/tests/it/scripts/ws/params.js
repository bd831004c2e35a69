// The params of k6/websockets that k6/ws takes too; what neither knows is left alone, as k6 does.
import ws from 'k6/ws';

const echo = `${__ENV.WS}/echo`;
const listen = (socket) => {
  socket.on('open', () => socket.send('x'.repeat(100)));
  socket.on('message', (text) => { console.log('message', text.length); socket.close(); });
  socket.on('error', (error) => console.log('error', error.error()));
  socket.on('close', (code) => console.log('close', code));
};
const connect = (url, params) => {
  try {
    return ws.connect(url, params, listen);
  } catch (error) {
    console.log(error.name, error.message);
    return { headers: {} };
  }
};

export default function () {
  console.log('unknown', connect(echo, { nonsense: 1, http2: 'x', timeout: null }).status);
  const started = performance.now();
  const { status, error } = connect(__ENV.STALLS, { timeout: '50ms' });
  console.log('timeout', status, error.replace(/:\d+/g, ':PORT'), performance.now() - started < 5000);
  console.log('localIP', connect(echo, { localIP: '127.0.0.1', closeTimeout: 1000 }).status);
  console.log('narrowed', connect(echo, { compression: { serverMaxWindowBits: 9 } }).headers['Sec-Websocket-Extensions']);
  console.log('maxMessageSize', connect(echo, { maxMessageSize: 10 }).status);
  console.log('blockPorts', connect('ws://127.0.0.1:6666', { blockPorts: true }).error);
  for (const wrong of [{ timeout: 'soon' }, { closeTimeout: 0 }, { localIP: 'here' }, { maxMessageSize: 1.5 },
    { tlsAuth: 'me' }, { tlsAuth: { cert: '', keys: '' } }, { compression: { algorithm: 'br' } }, { blockPorts: 1 }]) {
    connect(echo, wrong);
  }
}
