// send() while connecting throws; the socket works afterwards.
// compare: exit, console
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  try {
    socket.send('too early');
    console.log('not reached');
  } catch (error) {
    console.log('throws');
  }
  socket.onopen = () => socket.send('now');
  socket.onmessage = ({ data }) => {
    console.log(data);
    socket.close();
  };
}
