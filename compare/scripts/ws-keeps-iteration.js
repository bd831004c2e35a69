// An open socket keeps its iteration alive until it is closed.
// compare: exit, console, counts(iterations)
import { WebSocket } from 'k6/websockets';

export default async function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  const opened = new Promise((resolve) => socket.addEventListener('open', resolve));
  await opened;
  console.log('opened');
  setTimeout(() => {
    console.log('closing');
    socket.close();
  }, 100);
  socket.addEventListener('close', () => console.log('closed'));
  console.log('the function ends');
}
