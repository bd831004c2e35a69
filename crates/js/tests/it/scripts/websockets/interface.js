// The shape of the interface, the brand checks, and conversions in their order.
import { WebSocket } from 'k6/websockets';
import * as all from 'k6/websockets';
import module from 'k6/websockets';

const url = `${__ENV.WS}/echo`;
const attempt = (f) => { try { return String(f()); } catch (e) { return `${e.name}: ${e.message}`; } };
const members = WebSocket.prototype;

function shape() {
  console.log(Object.keys(all), Object.keys(module), module.WebSocket === WebSocket);
  console.log(globalThis.WebSocket === WebSocket, all.Blob === Blob);
  console.log(WebSocket.length, WebSocket.name, Object.getPrototypeOf(WebSocket) === EventTarget);
  console.log(Object.getPrototypeOf(members) === EventTarget.prototype, String(members));
  console.log(Object.keys(members).sort().join());
  console.log(Object.keys(WebSocket).join(), members.send.length, members.close.length);
}

function brands() {
  console.log(attempt(() => members.url));
  console.log(attempt(() => members.send.call({}, { toString() { console.log('never'); } })));
  console.log(attempt(() => members.close.call(new EventTarget())));
  console.log(attempt(() => Reflect.get(members, 'response', Object.create(members))));
  console.log(attempt(() => { Reflect.set(members, 'binaryType', 'blob', new AbortController().signal); }));
}

function conversions() {
  const order = [];
  const iterable = (iterator) => ({ [Symbol.iterator]: iterator });
  console.log(attempt(() => new WebSocket()));
  console.log(attempt(() => WebSocket('ws://a/')));
  console.log(attempt(() => new WebSocket(Symbol())));
  console.log(attempt(() => new WebSocket(url, iterable(5))));
  console.log(attempt(() => new WebSocket(url, iterable(() => 5))));
  console.log(attempt(() => new WebSocket(url, iterable(() => ({})))));
  console.log(attempt(() => new WebSocket(url, iterable(() => ({ next: () => 1 })))));
  console.log(attempt(() => new WebSocket(url, iterable(() => ({ next() { throw new RangeError('next'); } })))));
  console.log(attempt(() => new WebSocket(url, ['a', 'A'])));
  console.log(attempt(() => new WebSocket(
    { toString() { order.push('url'); return 'no url'; } },
    { toString() { order.push('protocols'); return 'a'; } },
    { get tags() { order.push('params'); return {}; } },
  )), order.join());
  const broken = Object.defineProperty(function () {}.bind(), 'prototype', { get() { throw new RangeError('prototype'); } });
  console.log(attempt(() => Reflect.construct(WebSocket, [url], broken)));
}

class Mine extends WebSocket {
  constructor() {
    super(url);
    this.mine = true;
  }
}

export default function () {
  shape();
  brands();
  conversions();
  const socket = new Mine();
  console.log(socket instanceof Mine, socket.mine, socket.url === url, String(socket));
  console.log(socket.readyState, socket.binaryType, socket.bufferedAmount, socket.response, `(${socket.protocol}${socket.extensions})`);
  console.log(attempt(() => socket.send('x')), '|', attempt(() => socket.ping()));
  console.log(attempt(() => socket.close(10n)), '|', attempt(() => socket.close(1000, Symbol())), '|', attempt(() => socket.close(1001)));
  socket.binaryType = 'arraybuffer';
  socket.binaryType = 'nothing';
  console.log(socket.binaryType, attempt(() => { socket.binaryType = Symbol(); }));
  socket.onopen = function (event) {
    console.log(this === socket, event.target === socket, socket.response.status, socket.response === socket.response);
    socket.send('hi');
    socket.send(new Uint8Array([1, 2]));
  };
  socket.onmessage = ({ data, origin }) => {
    console.log(typeof data === 'string' ? data : [...new Uint8Array(data)].join(), origin === __ENV.WS);
    if (typeof data !== 'string') socket.close(2999.5, 'even');
  };
  socket.onclose = ({ code, reason }) => {
    // Half of the way between two numbers is the even one, 3000.
    console.log(code, reason, socket.readyState, attempt(() => socket.send('late')), socket.bufferedAmount);
    // Its listeners are still there.
    socket.onmessage = ({ data, isTrusted }) => console.log(data, isTrusted);
    socket.dispatchEvent(new MessageEvent('message', { data: 'from the script' }));
  };
}
