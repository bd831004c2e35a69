// k6/ws: the order of callback, `open`, messages and `close`, and what `connect` returns.
// compare: exit, console, checks, counts(iterations, ws_sessions, ws_msgs_sent, ws_msgs_received, ws_session_duration, checks)
import ws from 'k6/ws';
import { check } from 'k6';

export default function () {
  const url = `${__ENV.WS_URL}/echo`;
  const response = ws.connect(url, { tags: { a: 'b' } }, (socket) => {
    console.log('callback', Object.keys(socket).sort().join());
    socket.on('open', () => {
      console.log('open');
      socket.send('one');
    });
    socket.on('open', () => console.log('open too'));
    socket.on('message', (text) => {
      console.log('message', text);
      if (text === 'one') {
        socket.send(2);
        return;
      }
      socket.close();
      console.log('after close');
    });
    socket.on('message', (text) => console.log('again', text));
    socket.on('close', (code) => console.log('close', code));
    socket.on('error', (error) => console.log('error', error.error()));
    console.log('end of callback');
  });
  check(response, {
    status: (r) => r.status === 101,
    url: (r) => r.url === url,
    body: (r) => r.body === '',
    error: (r) => r.error === '',
    headers: (r) => r.headers.Upgrade === 'websocket' && r.headers['Sec-Websocket-Accept'].length === 28,
  });
}
