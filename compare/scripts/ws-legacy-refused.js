// k6/ws: sockets that can't be had.
// compare: exit, console, counts(iterations, ws_sessions, ws_connecting, ws_session_duration)
import ws from 'k6/ws';

const show = (url) => {
  const { url: was, status, error, body } = ws.connect(url, null, () => console.log('never'));
  console.log(JSON.stringify({ was, status, error, body }));
};

export default function () {
  show('ws://127.0.0.1:1/');
  show(`${__ENV.WS_URL}/status/404`);
  show(`${__ENV.WS_URL}/status/503`);
  show('nonsense');
  show('ftp://host/');
  show(`${__ENV.HTTP_URL}/echo`);
}
