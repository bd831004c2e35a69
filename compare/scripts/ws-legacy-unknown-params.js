// Params that k6/ws does not know, or that are empty, are left alone.
// compare: exit, console, checks, counts(ws_sessions, ws_msgs_received)
import { check } from 'k6';
import ws from 'k6/ws';

export default function () {
  for (const params of [{ nonsense: 1 }, {}, null, undefined, { headers: null }, { compression: '' }, 7]) {
    const response = ws.connect(`${__ENV.WS_URL}/echo`, params, (socket) => {
      socket.on('open', () => socket.send('hello'));
      socket.on('message', (text) => { console.log(text); socket.close(); });
    });
    check(response, { 'connected': (r) => r && r.status === 101 });
  }
}
