// permessage-deflate is offered when it is asked for, and the text is the same.
// compare: exit, console, counts(ws_msgs_sent, ws_msgs_received)
import { WebSocket } from 'k6/websockets';

export default function () {
  const text = 'again and '.repeat(500);
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`, null, { compression: 'deflate' });
  socket.onopen = () => socket.send(text);
  socket.onmessage = ({ data }) => {
    console.log(data === text, data.length);
    socket.close();
  };
  socket.onerror = ({ error }) => console.log('error', error);
}
