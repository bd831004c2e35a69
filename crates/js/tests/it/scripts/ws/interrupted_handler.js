// interrupt-after-ms: 300
import { sleep } from 'k6';
import ws from 'k6/ws';

export default function () {
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    socket.on('open', () => {
      ws.connect(`${__ENV.WS}/echo`, null, (inner) => {
        inner.on('close', () => console.log('never'));
        console.log('sleeping');
        sleep(1000);
      });
    });
    socket.on('close', () => console.log('never'));
  });
}
