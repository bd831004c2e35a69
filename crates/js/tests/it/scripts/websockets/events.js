import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  const order = [];
  const removed = () => order.push('removed');
  const controller = new AbortController();
  ws.addEventListener('open', () => order.push('first'));
  ws.onopen = () => order.push('handler');
  ws.addEventListener('open', { handleEvent() { order.push('object'); } });
  ws.addEventListener('open', removed);
  ws.removeEventListener('open', removed);
  ws.addEventListener('open', () => order.push('aborted'), { signal: controller.signal });
  controller.abort();
  ws.addEventListener('open', (event) => { order.push('stopping'); event.stopImmediatePropagation(); });
  ws.addEventListener('open', () => order.push('stopped'));
  ws.addEventListener('message', () => order.push('once'), { once: true });
  ws.addEventListener('message', (event) => {
    order.push(`message ${event.data} ${event.origin === __ENV.WS}`);
    if (event.data === '2') ws.close();
    else ws.send('2');
  });
  setTimeout(() => ws.send('1'), 50);
  ws.onclose = () => console.log(order.join(' | '));
  ws.onclose = null;
  ws.onerror = 'not callable';
  console.log(ws.onerror, ws.onclose);
  ws.onclose = () => console.log(order.join(' | '));
}
