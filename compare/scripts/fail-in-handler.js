// `fail()` in a socket's handler, deep in groups: the iteration is over at once, with its sockets and
// timers; the next one begins.
// compare: exit, console, warnings, counts(iterations, group_duration)
import { fail, group } from 'k6';
import { WebSocket } from 'k6/websockets';

export const options = { iterations: 2 };

export default function () {
  console.log('iteration', __ITER);
  const other = new WebSocket(`${__ENV.WS_URL}/echo`);
  other.onmessage = () => console.log('never');
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.onopen = () => {
    setTimeout(() => console.log('never'), 10000);
    socket.send('x');
  };
  socket.onmessage = function answer() {
    group('a', () => group('b', () => fail('enough')));
    console.log('never');
  };
}
