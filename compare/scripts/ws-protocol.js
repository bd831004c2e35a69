// A subprotocol is asked for and agreed on.
// compare: exit, console
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`, 'chat.v1');
  socket.onopen = () => {
    console.log('open');
    socket.close();
  };
  socket.onclose = () => console.log('closed');
  socket.onerror = ({ error }) => console.log('error', error);
}
