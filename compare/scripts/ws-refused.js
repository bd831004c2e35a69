// The server answers the upgrade with something else.
// compare: exit, console, counts(iterations, ws_sessions)
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/status/503`);
  socket.onopen = () => console.log('never');
  socket.onerror = ({ type, error }) => console.log(type, error);
  socket.onclose = ({ type }) => console.log(type, socket.readyState);
}
