// k6/ws: a socket inside a handler of another, a group, and pings.
// compare: exit, console, checks, counts(ws_sessions, ws_msgs_sent, ws_msgs_received, ws_ping, ws_session_duration, group_duration)
import ws from 'k6/ws';
import { check, group } from 'k6';

export default function () {
  const url = `${__ENV.WS_URL}/echo`;
  ws.connect(url, null, (outer) => {
    outer.on('open', () => {
      outer.ping();
    });
    outer.on('pong', () => {
      console.log('pong');
      group('inside', () => {
        const response = ws.connect(url, null, (inner) => {
          inner.on('open', () => inner.send('hello'));
          inner.on('message', (text) => { console.log('inner', text); inner.close(); });
        });
        check(response, { inner: (r) => r.status === 101 });
      });
      outer.send('outer');
    });
    outer.on('message', (text) => { console.log(text); outer.close(); });
  });
}
