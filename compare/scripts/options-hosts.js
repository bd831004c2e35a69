// A name that leads elsewhere.
// compare: exit, console
import { WebSocket } from 'k6/websockets';
export const options = { hosts: { 'elsewhere.test': '127.0.0.1', '*.wild.test': '127.0.0.1' } };
const port = __ENV.WS_URL.replace('/ws', '').split(':').pop();
export default function () {
  const names = ['elsewhere.test', 'a.b.wild.test'];
  const next = () => {
    const name = names.shift();
    if (name === undefined) return;
    const socket = new WebSocket(`ws://${name}:${port}/echo`);
    socket.onopen = () => socket.send(name);
    socket.onmessage = (event) => {
      console.log(event.data);
      socket.close();
    };
    socket.onerror = () => console.log('failed');
    socket.onclose = next;
  };
  next();
}
