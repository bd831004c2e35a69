// Text there and back, in order, then a close that the script asks for.
// args: --vus 2 --iterations 4
// compare: exit, console sorted, checks, counts(iterations, ws_sessions, ws_msgs_sent, ws_msgs_received, checks)
import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  const sent = ['one', 'zwei', 'trois ☃', ''];
  const got = [];
  socket.addEventListener('open', () => sent.forEach((text) => socket.send(text)));
  socket.addEventListener('message', (event) => {
    got.push(event.data);
    if (got.length === sent.length) {
      check(got, { 'in order': (list) => list.join() === sent.join() });
      socket.close();
    }
  });
  socket.addEventListener('close', () => console.log('closed after', got.length));
}
