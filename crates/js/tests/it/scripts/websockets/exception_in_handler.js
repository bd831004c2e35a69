// iterations: 2
import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  const other = new WebSocket(`${__ENV.WS}/echo`);
  other.onclose = () => console.log('never: the iteration is over');
  ws.onopen = () => ws.send('x');
  ws.onmessage = function handler() { throw new Error(`in handler ${__ITER}`); };
  setTimeout(() => console.log('never'), 5000);
}
