// A name that must not be called.
// env: K6_BLOCK_HOSTNAMES=*.blocked.test
// compare: exit, console
import { WebSocket } from 'k6/websockets';
export default function () {
  const socket = new WebSocket('ws://a.blocked.test/');
  socket.onopen = () => {
    console.log('open');
    socket.close();
  };
  socket.onerror = (event) => console.log(event.error);
}
