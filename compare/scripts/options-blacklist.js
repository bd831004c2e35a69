// An address that must not be called.
// args: --blacklist-ip 127.0.0.0/8
// compare: exit, console
import { WebSocket } from 'k6/websockets';
export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.onopen = () => {
    console.log('open');
    socket.close();
  };
  socket.onerror = (event) => console.log(event.error);
}
