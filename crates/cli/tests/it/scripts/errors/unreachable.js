import { WebSocket } from 'k6/websockets';
export default function () {
  const socket = new WebSocket('ws://127.0.0.1:1/');
  socket.onerror = (event) => console.log(`error: ${event.error}`);
  socket.onclose = (event) => console.log(`close: ${event.code}`);
}
