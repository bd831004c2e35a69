// The global WebSocket is the class of the module; nothing of it exists before somebody looks.
import * as websockets from 'k6/websockets';

console.log('in init code', typeof WebSocket, WebSocket === websockets.WebSocket);
try { new WebSocket('ws://127.0.0.1:9'); } catch (error) { console.log(error.message); }

export default function () {
  const { get, ...rest } = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  console.log(get, Object.keys(rest).join(), rest.writable, rest.enumerable, rest.configurable);
  const socket = new WebSocket(`${__ENV.WS}/echo`);
  console.log(socket instanceof WebSocket, socket instanceof EventTarget, WebSocket.OPEN, String(socket));
  socket.onopen = () => socket.send('hello');
  socket.onmessage = (event) => {
    console.log(event.data);
    socket.close();
    // A script's own takes its place.
    globalThis.WebSocket = 7;
    console.log(WebSocket, typeof websockets.WebSocket);
  };
}
