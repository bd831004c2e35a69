// interrupt-after-ms: 300
import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  ws.onopen = () => console.log('open');
  ws.onclose = () => console.log('never');
}
