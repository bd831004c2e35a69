import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(__ENV.FAULT);
  ws.onopen = () => { console.log('open'); if (__ENV.SAYS) ws.send(__ENV.SAYS); };
  ws.onmessage = (event) => console.log('message', event.data.length);
  const redact = (text) => text.replace(/127\.0\.0\.1:\d+/g, 'ADDRESS');
  ws.onerror = (event) => {
    console.log('error', redact(event.error), ws.readyState);
    if (event.message !== event.error) console.log('message', redact(event.message));
  };
  ws.onclose = (event) => console.log('close', event.code, event.reason, event.wasClean, ws.readyState);
}
