import ws from 'k6/ws';
import { WebSocket } from 'k6/websockets';

export default function () {
  const other = new WebSocket(`${__ENV.WS}/echo`);
  other.onopen = () => { console.log('other open'); other.send('other'); };
  other.onmessage = ({ data }) => { console.log(data); other.close(); };
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    socket.on('open', () => socket.send('blocking'));
    socket.on('message', (text) => { console.log(text); socket.setTimeout(socket.close, 50); });
  });
  console.log('returned');
}
