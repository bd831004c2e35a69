// iterations: 2
import { WebSocket, Blob } from 'k6/websockets';
import standard from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  const seen = [];
  console.log(ws.readyState, WebSocket.CONNECTING, ws.url === `${__ENV.WS}/echo`, ws.binaryType, ws.protocol, ws.extensions,
    ws instanceof EventTarget, Object.prototype.toString.call(ws), standard.WebSocket === WebSocket);
  try {
    ws.send('too early');
  } catch (error) {
    console.log(error.name, error instanceof DOMException);
  }
  ws.onopen = (event) => {
    console.log(event.type, event.target === ws, event.isTrusted, ws.readyState, typeof event.timestamp);
    ws.send('text');
    ws.send('lone \ud800 surrogate');
    ws.send(new Uint8Array([1, 2, 3]).subarray(1));
    ws.send(new Uint8Array([4]).buffer);
    ws.send(new Blob(['blob', new Uint8Array([33])]));
    ws.send(12);
    console.log('buffered', ws.bufferedAmount);
  };
  ws.addEventListener('message', async (event) => {
    if (typeof event.data === 'string') {
      seen.push(event.data);
    } else if (event.data instanceof Blob) {
      seen.push(`Blob ${event.data.size}`);
      if (event.data.size === 5) seen.push(await event.data.text());
      ws.binaryType = 'arraybuffer';
      ws.binaryType = 'nonsense';
    } else {
      seen.push(`ArrayBuffer ${[...new Uint8Array(event.data)]}`);
    }
    if (event.data === '12') ws.close(4000, 'done');
  });
  ws.onerror = (event) => console.log('error', event.error);
  ws.onclose = (event) => {
    console.log('close', event.code, event.reason, event.wasClean, ws.readyState, ws.bufferedAmount);
    ws.send('late');
    console.log('buffered', ws.bufferedAmount, seen.join(' | '));
    ws.close();
  };
}
