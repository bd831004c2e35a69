// What needs no server: constructor, constants, shape of the interface (Web IDL), URL, subprotocols.
import { WebSocket } from 'k6/websockets';
import { area, report, same, test, throws, throwsExactly } from './areas.js';

const dead = __ENV.STALLS;
const made = [];
const make = (...args) => { const ws = new WebSocket(...args); made.push(ws); return ws; };

export default function () {
  const ws = make(`${dead}/`);
  const proto = WebSocket.prototype;

  area('idlharness');
  test('is a function', () => same(typeof WebSocket, 'function'));
  test('name', () => same(WebSocket.name, 'WebSocket'));
  test('length', () => same(WebSocket.length, 1));
  test('inherits from EventTarget', () => same(Object.getPrototypeOf(WebSocket), EventTarget));
  test('prototype inherits', () => same(Object.getPrototypeOf(proto), EventTarget.prototype));
  test('prototype is fixed', () => {
    const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(WebSocket, 'prototype');
    same([writable, enumerable, configurable].join(), 'false,false,false');
  });
  test('constructor property', () => {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(proto, 'constructor');
    same(value, WebSocket);
    same([writable, enumerable, configurable].join(), 'true,false,true');
  });
  test('toStringTag', () => {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(proto, Symbol.toStringTag);
    same([value, writable, enumerable, configurable].join(), 'WebSocket,false,false,true');
  });
  for (const [name, writable] of [
    ['url', false], ['readyState', false], ['bufferedAmount', false], ['extensions', false], ['protocol', false],
    ['binaryType', true], ['onopen', true], ['onerror', true], ['onclose', true], ['onmessage', true],
  ]) {
    const found = Object.getOwnPropertyDescriptor(proto, name);
    test(`${name} is an accessor of the prototype`, () => same(`${typeof found.get},${found.enumerable},${found.configurable}`, 'function,true,true'));
    test(`${name} is not on the instance`, () => same(Object.hasOwn(ws, name), false));
    test(`${name} getter's name and length`, () => same(`${found.get.name},${found.get.length}`, `get ${name},0`));
    test(`${name} setter`, () => same(typeof found.set, writable ? 'function' : 'undefined'));
    if (writable) test(`${name} setter's name and length`, () => same(`${found.set.name},${found.set.length}`, `set ${name},1`));
    for (const wrong of [undefined, {}, proto, new EventTarget(), Object.create(proto)]) {
      if (wrong instanceof EventTarget && wrong !== proto && !(wrong instanceof WebSocket) && name.startsWith('on')) continue;
      test(`${name} of a wrong this`, () => throws(TypeError, () => found.get.call(wrong)));
      if (writable) test(`set ${name} of a wrong this`, () => throws(TypeError, () => found.set.call(wrong, null)));
    }
  }
  for (const [name, length] of [['send', 1], ['close', 0]]) {
    const found = Object.getOwnPropertyDescriptor(proto, name);
    test(`${name} is a method`, () => same(`${typeof found.value},${found.writable},${found.enumerable},${found.configurable}`, 'function,true,true,true'));
    test(`${name}.length`, () => same(found.value.length, length));
    test(`${name}.name`, () => same(found.value.name, name));
    test(`${name} of a wrong this`, () => throws(TypeError, () => found.value.call({}, 'x')));
    test(`${name} is no constructor`, () => throws(TypeError, () => new found.value()));
  }
  test('send without arguments', () => throws(TypeError, () => ws.send()));
  test('stringifies as its class', () => same(String(ws), '[object WebSocket]'));
  test('subclass', () => {
    class Mine extends WebSocket { get mine() { return this.url; } }
    const mine = new Mine(`${dead}/mine`);
    made.push(mine);
    same(mine.mine, `${dead}/mine`);
    same(mine instanceof Mine && mine instanceof WebSocket && mine instanceof EventTarget, true);
  });

  area('constants');
  ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].forEach((name, value) => {
    for (const [where, object] of [['constructor', WebSocket], ['prototype', proto]]) {
      const found = Object.getOwnPropertyDescriptor(object, name);
      test(`${name} on the ${where}`, () => same(`${found.value},${found.writable},${found.enumerable},${found.configurable}`, `${value},false,true,false`));
    }
    test(`${name} on the instance`, () => same(ws[name], value));
    test(`${name} can't be set`, () => throws(TypeError, () => { WebSocket[name] = 5; }));
    test(`${name} can't be deleted`, () => throws(TypeError, () => { delete WebSocket[name]; }));
  });

  area('constructor');
  test('without new', () => throws(TypeError, () => WebSocket(`${dead}/`)));
  test('without arguments', () => throws(TypeError, () => new WebSocket()));
  test('a symbol', () => throws(TypeError, () => new WebSocket(Symbol('ws'))));
  test('an object with toString', () => same(make({ toString: () => `${dead}/object` }).url, `${dead}/object`));
  test('a URL object', () => same(make(new URL(`${dead}/url`)).url, `${dead}/url`));
  test('toString that throws', () => {
    const mine = new RangeError('mine');
    throwsExactly(mine, () => new WebSocket({ toString() { throw mine; } }));
  });
  test('arguments are converted from left to right', () => {
    const order = [];
    throws('SyntaxError', () => new WebSocket(
      { toString() { order.push('url'); return 'nonsense'; } },
      { get [Symbol.iterator]() { order.push('method'); return function* () { order.push('start'); yield { toString() { order.push('item'); return 'a'; } }; }; } },
    ));
    same(order.join(), 'url,method,start,item');
  });

  area('url');
  for (const bad of ['', '/ws', 'ws://', 'ws://foo bar.com/', 'mailto:x@y', 'about:blank', 'ftp://host/', 'file:///x', 'ws://host:65536/', 'ws://host:x/', 'ws://[::1', 'ws://host/#', 'ws://host/#f', 'http://host/#f', 'wss://host/?a#b', 'null', 'ws://%00/', 'ws:// /']) {
    test(`not ${JSON.stringify(bad)}`, () => throws('SyntaxError', () => new WebSocket(bad)));
  }
  for (const bad of [null, undefined, 1, {}]) test(`not ${bad}`, () => throws('SyntaxError', () => new WebSocket(bad)));
  const host = dead.slice('ws://'.length);
  for (const [given, expected] of [
    [`ws://${host}`, `ws://${host}/`], [`WS://${host}/a/../b`, `ws://${host}/b`], [`http://${host}/x`, `ws://${host}/x`],
    [`HTTP://${host}/x?y`, `ws://${host}/x?y`], [` ws://${host}/t \n`, `ws://${host}/t`], [`ws://${host}/é`, `ws://${host}/%C3%A9`],
    [`ws://${host}/?é`, `ws://${host}/?%C3%A9`], [`ws://${host}/a b`, `ws://${host}/a%20b`], [`ws://${host}/?a b`, `ws://${host}/?a%20b`],
    [`ws://${host}/%20`, `ws://${host}/%20`], [`ws://user:pass@${host}/`, `ws://user:pass@${host}/`], [`ws:${host}/no-slashes`, `ws://${host}/no-slashes`],
    [`ws://${host}/\ud800`, `ws://${host}/%EF%BF%BD`], [`ws://${host}\\back`, `ws://${host}/back`], [`ws://${host}/?`, `ws://${host}/?`],
  ]) test(`${JSON.stringify(given.replace(host, 'HOST'))} is serialised`, () => same(make(given).url, expected));
  test('https becomes wss', () => same(make(`https://${host}/s`).url, `wss://${host}/s`));
  test('the default port goes', () => same(make('ws://127.0.0.1:80/').url, 'ws://127.0.0.1/'));
  test('the default port of wss goes', () => same(make('https://127.0.0.1:443/').url, 'wss://127.0.0.1/'));
  test('another port stays', () => same(make('ws://127.0.0.1:443/').url, 'ws://127.0.0.1:443/'));
  test('is read-only', () => { throws(TypeError, () => { ws.url = 'x'; }); same(ws.url, `${dead}/`); });
  test('can be shadowed', () => { const own = make(`${dead}/`); Object.defineProperty(own, 'url', { value: 'mine' }); same(own.url, 'mine'); });

  area('protocols');
  for (const bad of ['', 'a b', 'a,b', 'a\tb', 'a\nb', 'é', '\u0000', '\u007f', '(', ')', '<', '>', '@', ';', ':', '\\', '"', '/', '[', ']', '?', '=', '{', '}', '\u2122', '\ud800']) {
    test(`not ${JSON.stringify(bad)}`, () => throws('SyntaxError', () => new WebSocket(`${dead}/`, bad)));
    test(`not [${JSON.stringify(bad)}]`, () => throws('SyntaxError', () => new WebSocket(`${dead}/`, ['ok', bad])));
  }
  for (const bad of [['a', 'a'], ['echo', 'eCho'], ['a', 'b', 'A']]) test(`not ${bad}`, () => throws('SyntaxError', () => new WebSocket(`${dead}/`, bad)));
  test('a String object is a sequence of letters', () => throws('SyntaxError', () => new WebSocket(`${dead}/`, new String('echo echo'))));
  for (const good of ['chat', [], ['a'], ['a', 'b'], "!#$%&'*+-.^_`|~", new Set(['a', 'b']), [1, null], { toString: () => 'object' }, 5]) {
    test(`${String(good)} is taken`, () => same(make(`${dead}/`, good).protocol, ''));
  }
  test('an iterable without a callable method', () => throws(TypeError, () => new WebSocket(`${dead}/`, { [Symbol.iterator]: 1 })));
  test('an iterator that throws', () => {
    const mine = new Error('mine');
    throwsExactly(mine, () => new WebSocket(`${dead}/`, { [Symbol.iterator]() { throw mine; } }));
    throwsExactly(mine, () => new WebSocket(`${dead}/`, { get [Symbol.iterator]() { throw mine; } }));
    throwsExactly(mine, () => new WebSocket(`${dead}/`, [{ toString() { throw mine; } }]));
  });
  test('an iterator whose result is no object', () => throws(TypeError, () => new WebSocket(`${dead}/`, { [Symbol.iterator]: () => ({ next: () => 1 }) })));
  test('a symbol in the list', () => throws(TypeError, () => new WebSocket(`${dead}/`, [Symbol('p')])));
  test('the URL is looked at first', () => throws('SyntaxError', () => new WebSocket('nonsense', 'a b')));

  area('connecting');
  test('readyState', () => same(ws.readyState, 0));
  test('readyState is read-only', () => { throws(TypeError, () => { ws.readyState = 2; }); same(ws.readyState, 0); });
  for (const name of ['protocol', 'extensions']) {
    test(`${name} is empty`, () => same(ws[name], ''));
    test(`${name} is read-only`, () => { throws(TypeError, () => { ws[name] = 'x'; }); same(ws[name], ''); });
  }
  test('bufferedAmount', () => same(ws.bufferedAmount, 0));
  test('bufferedAmount is read-only', () => { throws(TypeError, () => { ws.bufferedAmount = 5; }); same(ws.bufferedAmount, 0); });
  test('bufferedAmount can\'t be deleted', () => { delete ws.bufferedAmount; same(ws.bufferedAmount, 0); });
  for (const data of ['x', '', '\ud800', new ArrayBuffer(1), new Uint8Array(1), new Blob(['x'])]) {
    test(`send ${Object.prototype.toString.call(data)}`, () => { throws('InvalidStateError', () => ws.send(data)); same(ws.bufferedAmount, 0); });
  }
  test('send converts before it looks at the state', () => {
    const mine = new Error('mine');
    throwsExactly(mine, () => ws.send({ toString() { throw mine; } }));
    throws(TypeError, () => ws.send(Symbol('x')));
  });

  area('binaryType');
  test('is blob', () => same(ws.binaryType, 'blob'));
  test('can be set', () => { ws.binaryType = 'arraybuffer'; same(ws.binaryType, 'arraybuffer'); });
  for (const bad of ['', 'Blob', 'ARRAYBUFFER', 'notBlobOrArrayBuffer', null, undefined, 0, {}]) {
    test(`${String(bad)} is ignored`, () => { ws.binaryType = bad; same(ws.binaryType, 'arraybuffer'); });
  }
  test('an object with toString', () => { ws.binaryType = { toString: () => 'blob' }; same(ws.binaryType, 'blob'); });
  test('a symbol', () => throws(TypeError, () => { ws.binaryType = Symbol('x'); }));

  area('eventhandlers');
  for (const name of ['onopen', 'onmessage', 'onerror', 'onclose']) {
    test(`${name} is null`, () => same(ws[name], null));
    test(`${name} keeps a function`, () => { const handler = () => {}; ws[name] = handler; same(ws[name], handler); });
    test(`${name} keeps an object`, () => { const handler = {}; ws[name] = handler; same(ws[name], handler); });
    for (const bad of [null, undefined, 1, 'x', true, Symbol('x')]) {
      test(`${name} takes ${String(bad)} as null`, () => { ws[name] = () => {}; ws[name] = bad; same(ws[name], null); });
    }
  }

  area('close');
  for (const bad of [0, 1, 999, 1001, 1002, 1005, 1006, 1015, 2999, 5000, 65535, 65536, 70000, -1, 3e9, NaN, Infinity, -Infinity, null, 'string', false, true, '', 2999.4]) {
    test(`code ${String(bad)}`, () => { throws('InvalidAccessError', () => ws.close(bad)); same(ws.readyState, 0); });
  }
  test('a code that is a symbol or a BigInt', () => { throws(TypeError, () => ws.close(Symbol('x'))); throws(TypeError, () => ws.close(1000n)); });
  test('a reason of 124 bytes', () => { throws('SyntaxError', () => ws.close(1000, 'a'.repeat(124))); throws('SyntaxError', () => ws.close(1000, 'é'.repeat(62))); throws('SyntaxError', () => ws.close(undefined, 'a'.repeat(124))); });
  test('lone surrogates count as three bytes', () => { throws('SyntaxError', () => ws.close(1000, '\ud800'.repeat(42))); });
  test('the code is looked at first', () => throws('InvalidAccessError', () => ws.close(1, 'a'.repeat(124))));
  test('both are converted before either is looked at', () => { const mine = new Error('mine'); throwsExactly(mine, () => ws.close(1, { toString() { throw mine; } })); });
  for (const [index, args] of [[], [1000], [undefined], [2999.5], ['3000'], [4999.4], [1000, 'a'.repeat(123)], [undefined, 'why'], [{ valueOf: () => 4000 }]].entries()) {
    test(`close ${index} while connecting`, () => {
      const other = make(`${dead}/`);
      other.close(...args);
      same(other.readyState, 2);
      other.close(...args);
      other.send('now it is only counted');
      same(other.bufferedAmount, 22);
      throws('InvalidAccessError', () => other.close(1));
    });
  }

  for (const one of made) { one.onerror = () => {}; one.close(); }
  report();
}
