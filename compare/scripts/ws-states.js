// readyState, url and binaryType through the life of a socket.
// compare: exit, console
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  console.log('new', socket.readyState, socket.url === `${__ENV.WS_URL}/echo`, socket.bufferedAmount);
  socket.onopen = () => {
    console.log('open', socket.readyState);
    socket.send('x');
  };
  socket.onmessage = ({ data, type }) => {
    console.log(type, data);
    socket.close(1000);
    console.log('closing', socket.readyState);
  };
  socket.onclose = ({ type }) => console.log(type, socket.readyState);
  socket.onerror = ({ error }) => console.log('error', error);
}
