// A socket that outlives its `connect` does nothing and keeps nothing.
import ws from 'k6/ws';

let kept;
export default function () {
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    kept = socket;
    socket.on('open', () => socket.close());
  });
  for (const listen of ['open', 'message', 'close', 'error']) kept.on(listen, () => console.log('never'));
  kept.setTimeout(() => console.log('never'), 1);
  kept.setInterval(() => console.log('never'), 1);
  console.log(kept.send('x'), kept.sendBinary(new ArrayBuffer(1)), kept.ping(), kept.close());
}
