// k6/ws: with the option `throw`, a socket that can't be had is an exception.
// compare: exit, console, counts(iterations, ws_sessions, ws_session_duration)
import ws from 'k6/ws';

export const options = { throw: true };

export default function () {
  for (const url of ['ws://127.0.0.1:1/', `${__ENV.WS_URL}/status/404`, 'nonsense']) {
    try {
      ws.connect(url, null, () => console.log('never'));
      console.log('returned');
    } catch (error) {
      console.log(error.message);
    }
  }
}
