import ws from 'k6/ws';
import { sleep } from 'k6';

export default function () {
  setTimeout(() => console.log('the timer of the VU'), 1);
  Promise.resolve().then(() => console.log('the promise of the VU'));
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    for (const [callback, delay] of [[() => {}], [() => {}, 0], [() => {}, -1], [() => {}, 'x'], [() => {}, Infinity], [5, 5], [null, 5]]) {
      for (const name of ['setTimeout', 'setInterval']) {
        try {
          socket[name](callback, delay);
        } catch (error) {
          console.log(error.name, error.message);
        }
      }
    }
    let ticks = 0;
    console.log(socket.setInterval((...args) => {
      if (ticks === 3) return;
      console.log('tick', ++ticks, args.length);
      if (ticks === 3) socket.setTimeout(socket.close, '1');
    }, 20));
    socket.setTimeout(() => { sleep(0.005); console.log('slept'); }, 0.5);
    socket.setTimeout(() => console.log('never'), 10000);
    socket.on('close', () => console.log('closed'));
  });
  console.log('returned');
}
