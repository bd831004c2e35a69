// interrupt-after-ms: 300
import ws from 'k6/ws';

export default function () {
  try {
    ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
      socket.on('open', () => { console.log('open'); socket.send('x'); });
      socket.on('message', console.log);
      for (const event of ['close', 'error']) socket.on(event, () => console.log('never'));
    });
    console.log('never');
  } catch {
    console.log('never');
  } finally {
    console.log('never');
  }
}
