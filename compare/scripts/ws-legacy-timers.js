// k6/ws: timers of a socket end with it; the VU's own, and its promises, wait for `connect`.
// compare: exit, console, counts(iterations, ws_sessions)
import ws from 'k6/ws';
import { sleep } from 'k6';

export default function () {
  setTimeout(() => console.log('the VU\'s timer'), 1);
  Promise.resolve().then(() => console.log('the VU\'s promise'));
  ws.connect(`${__ENV.WS_URL}/echo`, null, (socket) => {
    for (const delay of [undefined, 0, -1, 'x', NaN, Infinity]) {
      try {
        socket.setTimeout(() => console.log('never'), delay);
        console.log('set', delay);
      } catch (error) {
        console.log(error.message);
      }
      try {
        socket.setInterval(() => console.log('never'), delay);
      } catch (error) {
        console.log(error.message);
      }
    }
    let ticks = 0;
    socket.setInterval(() => console.log('tick', ++ticks), 100);
    socket.setTimeout(() => { console.log('sleeps'); sleep(0.01); console.log('slept'); }, 150);
    socket.setTimeout(socket.close, 250);
    socket.setTimeout(() => console.log('never'), 300);
    socket.on('close', () => console.log('closed'));
  });
  console.log('returned');
}
