// Nobody listens: an error event, then a close event, and the session counts.
// compare: exit, console, counts(iterations, ws_sessions)
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket('ws://127.0.0.1:1/');
  socket.onopen = () => console.log('never');
  socket.onerror = ({ type, error }) => console.log(type, error, socket.readyState);
  socket.onclose = ({ type }) => console.log(type, socket.readyState);
}
