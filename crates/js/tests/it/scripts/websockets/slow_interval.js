// An interval slower than its period must not keep the socket from being heard.
import { WebSocket } from 'k6/websockets';

export default function () {
  const busy = setInterval(() => {
    const until = performance.now() + 5;
    while (performance.now() < until);
  }, 1);
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  ws.onopen = () => ws.send('heard');
  ws.onmessage = (event) => { console.log(event.data); clearInterval(busy); ws.close(); };
}
