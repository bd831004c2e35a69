// The class put on the global object for libraries that look for it there.
// compare: exit, console, checks, counts(ws_sessions, ws_msgs_received)
import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

globalThis.WebSocket = WebSocket;

function library(url, done) {
  const socket = new globalThis.WebSocket(url);
  socket.addEventListener('open', () => socket.send('from a library'));
  socket.addEventListener('message', (event) => { done(event.data); socket.close(); });
}

export default function () {
  console.log(typeof globalThis.WebSocket);
  library(`${__ENV.WS_URL}/echo`, (text) => check(text, { 'echoed': () => text === 'from a library' }));
}
