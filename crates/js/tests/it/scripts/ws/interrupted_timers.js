// interrupt-after-ms: 300
import ws from 'k6/ws';

export default function () {
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    // Always due: the interrupt must still be seen.
    socket.setInterval(() => {}, 1e-6);
    socket.on('open', () => socket.send('heard'));
    socket.on('message', console.log);
  });
}
