import { sleep } from 'k6';
import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  ws.onopen = () => {
    ws.send('one');
    sleep(0.1);
    console.log('slept');
    ws.send('two');
  };
  ws.onmessage = (event) => { console.log(event.data); if (event.data === 'two') ws.close(); };
}
