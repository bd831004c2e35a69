// Globals that are made when they are looked up can be replaced before, as a polyfill does.
const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
console.log(typeof before.get, before.enumerable, before.configurable, 'WebSocket' in globalThis);
globalThis.WebSocket = 'mine';
globalThis.navigator = { userAgent: 'mine' };

export default function () {
  console.log(WebSocket, navigator.userAgent);
  console.log(typeof Navigator, navigator.userAgent);
  delete globalThis.WebSocket;
  console.log(typeof WebSocket);
}
