import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.STALLS}/`);
  ws.onerror = (event) => console.log('error', event.error, ws.readyState);
  ws.onclose = (event) => console.log('close', event.code, event.wasClean);
  ws.onopen = () => console.log('never');
  ws.close();
  console.log(ws.readyState);
}
