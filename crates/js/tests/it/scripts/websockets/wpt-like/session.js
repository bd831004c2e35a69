// What needs a server: opening, sending, receiving, closing, and the order of events.
import { WebSocket, Blob } from 'k6/websockets';
import { area, event, report, same, test, throws } from './areas.js';

const echo = `${__ENV.WS}/echo`;

async function open(...args) {
  const ws = new WebSocket(args[0] ?? echo, ...args.slice(1));
  ws.binaryType = 'arraybuffer';
  await event(ws, 'open');
  return ws;
}

const bytes = (buffer) => [...new Uint8Array(buffer)].join();

export default async function () {
  area('open');
  await test('open is a plain trusted event', async () => {
    const ws = new WebSocket(echo);
    const got = await event(ws, 'open');
    same(Object.getPrototypeOf(got), Event.prototype);
    same([got.type, got.isTrusted, got.bubbles, got.cancelable, got.target === ws].join(), 'open,true,false,false,true');
    same([ws.readyState, ws.protocol, ws.extensions, ws.bufferedAmount].join(), '1,,,0');
    ws.close();
  });
  await test('protocol is set before open', async () => {
    const ws = new WebSocket(echo, ['one', 'two']);
    const seen = [];
    ws.onopen = () => seen.push(ws.protocol);
    await event(ws, 'open');
    same(seen.join(), ws.protocol);
    same(['one', 'two'].includes(ws.protocol), true);
    ws.close();
  });
  await test('extensions are set before open', async () => {
    const ws = await open(echo, [], { compression: 'deflate' });
    same(ws.extensions.startsWith('permessage-deflate'), true);
    ws.close();
  });
  await test('messages in the same packet as the 101 come after open', async () => {
    const ws = new WebSocket(`${echo}?push=3&interval=0`);
    const seen = [];
    ws.onopen = () => seen.push('open');
    await new Promise((done) => { ws.onmessage = () => { seen.push('message'); if (seen.length === 4) done(); }; });
    same(seen.join(), 'open,message,message,message');
    ws.close();
  });
  await test('microtasks run between two events', async () => {
    const ws = new WebSocket(`${echo}?push=2&interval=0`);
    const seen = [];
    await new Promise((done) => {
      ws.onmessage = () => { seen.push('message'); queueMicrotask(() => { seen.push('micro'); if (seen.length === 4) done(); }); };
    });
    same(seen.join(), 'message,micro,message,micro');
    ws.close();
  });

  area('send');
  const ws = await open();
  const roundTrip = async (data) => { ws.send(data); return (await event(ws, 'message')).data; };
  for (const [given, expected] of [
    ['text', 'text'], ['', ''], ['é€😀', 'é€😀'], ['\u0000', '\u0000'], ['\ud800x', '\ufffdx'], ['\udc00\ud800', '\ufffd\ufffd'],
    [null, 'null'], [undefined, 'undefined'], [1.5, '1.5'], [true, 'true'], [{}, '[object Object]'], [[1, 2], '1,2'],
    [{ toString: () => 'own' }, 'own'], ['a'.repeat(65_535), 'a'.repeat(65_535)], ['b'.repeat(65_536), 'b'.repeat(65_536)],
  ]) await test(`send ${String(given).slice(0, 20)}`, async () => same(await roundTrip(given), expected));
  const source = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]).buffer;
  await test('send an ArrayBuffer', async () => same(bytes(await roundTrip(source.slice(0, 3))), '0,1,2'));
  await test('send an empty ArrayBuffer', async () => same((await roundTrip(new ArrayBuffer(0))).byteLength, 0));
  for (const [View, expected] of [
    [Int8Array, '8,9'], [Uint8Array, '8,9'], [Uint8ClampedArray, '8,9'], [Int16Array, '8,9,10,11'], [Uint16Array, '8,9,10,11'],
    [Int32Array, '8,9,10,11,12,13,14,15'], [Uint32Array, '8,9,10,11,12,13,14,15'], [Float32Array, '8,9,10,11,12,13,14,15'],
  ]) await test(`send the window of a ${View.name}`, async () => same(bytes(await roundTrip(new View(source, 8, 2))), expected));
  for (const View of [Float64Array, BigInt64Array, BigUint64Array]) {
    await test(`send the window of a ${View.name}`, async () => same(bytes(await roundTrip(new View(source, 8, 1))), '8,9,10,11,12,13,14,15'));
  }
  await test('send the window of a DataView', async () => same(bytes(await roundTrip(new DataView(source, 3, 2))), '3,4'));
  await test('send a Blob', async () => same(bytes(await roundTrip(new Blob(['ab', new Uint8Array([1])]))), '97,98,1'));
  await test('send a slice of a Blob', async () => same(bytes(await roundTrip(new Blob(['abcd']).slice(-2))), '99,100'));
  await test('send a detached buffer', async () => {
    const gone = new ArrayBuffer(4);
    gone.transfer();
    same((await roundTrip(gone)).byteLength, 0);
  });
  await test('a SharedArrayBuffer is an object like any other', async () => same(await roundTrip(new SharedArrayBuffer(4)), '[object SharedArrayBuffer]'));
  test('a view of a SharedArrayBuffer', () => throws(TypeError, () => ws.send(new Uint8Array(new SharedArrayBuffer(4)))));
  test('a resizable ArrayBuffer', () => throws(TypeError, () => ws.send(new ArrayBuffer(4, { maxByteLength: 8 }))));
  test('a view of a resizable ArrayBuffer', () => throws(TypeError, () => ws.send(new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })))));
  await test('what is sent is what was there', async () => {
    const data = new Uint8Array([1, 2]);
    const reply = event(ws, 'message');
    ws.send(data);
    data.fill(9);
    same(bytes((await reply).data), '1,2');
  });
  test('send returns nothing', () => same(ws.send('x'), undefined));
  await event(ws, 'message');
  await test('many messages with a backlog', async () => {
    const block = new Uint8Array(64 * 1024);
    let left = 100;
    const done = new Promise((resolve) => { ws.onmessage = () => { if (--left === 0) resolve(); }; });
    for (let i = 0; i < 100; i++) ws.send(block);
    same(ws.bufferedAmount, 100 * block.length);
    await done;
    ws.onmessage = null;
    same(ws.bufferedAmount, 0);
  });

  area('bufferedAmount');
  for (const [data, size] of [['', 0], ['abc', 3], ['é€😀', 9], ['\ud800', 3], [new ArrayBuffer(10), 10], [new Uint16Array(3), 6], [new Blob(['12345']), 5]]) {
    await test(`counts ${Object.prototype.toString.call(data)} of ${size}`, async () => {
      const reply = event(ws, 'message');
      ws.send(data);
      same(ws.bufferedAmount, size);
      await Promise.resolve();
      same(ws.bufferedAmount, size, 'in a microtask');
      await reply;
      same(ws.bufferedAmount, 0, 'after the reply');
    });
  }
  await test('pings are not counted', async () => {
    ws.ping();
    same(ws.bufferedAmount, 0);
    await event(ws, 'pong');
  });

  area('message');
  await test('a MessageEvent with all its fields', async () => {
    const reply = event(ws, 'message');
    ws.send('x');
    const got = await reply;
    same(Object.getPrototypeOf(got), MessageEvent.prototype);
    same([got.data, got.origin, got.lastEventId, got.source, got.ports.length, Object.isFrozen(got.ports)].join(), `x,${__ENV.WS},,,0,true`);
    same([got.isTrusted, got.bubbles, got.cancelable].join(), 'true,false,false');
  });
  await test('binaryType counts when the event is made', async () => {
    ws.binaryType = 'blob';
    const data = await roundTrip(new Uint8Array([1]));
    same(data instanceof Blob && data.size === 1 && data.type === '', true);
    ws.binaryType = 'arraybuffer';
    same((await roundTrip(new Uint8Array([1]))) instanceof ArrayBuffer, true);
  });
  await test('handlers are called in order of registration, onX where it was first set', async () => {
    const other = await open();
    const seen = [];
    other.addEventListener('message', () => seen.push(1));
    other.onmessage = () => seen.push('replaced');
    other.addEventListener('message', { handleEvent() { seen.push(3); } });
    other.onmessage = function (got) { seen.push(this === other && got.currentTarget === other ? 2 : 'wrong'); };
    other.send('x');
    await event(other, 'message');
    same(seen.join(), '1,2,3');
    other.close();
  });
  await test('no message after close()', async () => {
    const other = await open();
    let heard = 0;
    other.onmessage = () => { heard++; };
    other.send('x');
    other.close();
    await event(other, 'close');
    same(heard, 0);
  });

  area('close');
  // The reason is that of the server's frame, and our server echoes only the code.
  for (const [args, code] of [
    [[], 1005], [[1000], 1000], [[3000, 'why'], 3000], [[4999, 'é'.repeat(61)], 4999],
    [[undefined, 'alone'], 1000], [[undefined, ''], 1005], [[1000, '\ud800'], 1000], [[2999.5], 3000],
    [[3000.5], 3000], [[3001.5], 3002], [['4000'], 4000],
  ]) await test(`close(${args.map(String)})`, async () => {
    const other = await open();
    const end = event(other, 'close');
    other.onerror = () => { throw new Error('no error event'); };
    same(other.close(...args), undefined);
    same(other.readyState, 2);
    other.close(4999, 'too late');
    const got = await end;
    same(Object.getPrototypeOf(got), CloseEvent.prototype);
    same([got.code, got.reason, got.wasClean, other.readyState].join(), `${code},,true,3`);
    same([got.isTrusted, got.bubbles, got.cancelable].join(), 'true,false,false');
    other.close();
    same(other.readyState, 3);
  });
  await test('the server closes', async () => {
    const other = new WebSocket(`${echo}?close=4001&reason=bye`);
    const got = await event(other, 'close');
    same([got.code, got.reason, got.wasClean].join(), '4001,bye,true');
  });
  await test('send after close() only counts', async () => {
    const other = await open();
    const end = event(other, 'close');
    other.close();
    other.send('é');
    other.send(new Uint8Array(3));
    other.send(new Blob(['1234']));
    same(other.bufferedAmount, 9);
    await end;
    same(other.bufferedAmount, 9, 'after the event');
    other.send('x');
    same(other.bufferedAmount, 10, 'when closed');
  });
  await test('close() in open', async () => {
    const other = new WebSocket(echo);
    other.onopen = () => other.close(4002);
    same((await event(other, 'close')).code, 4002);
  });
  await test('close() while connecting fails the connection', async () => {
    const other = new WebSocket(echo);
    const seen = [];
    other.onopen = () => seen.push('open');
    other.onerror = (got) => seen.push(`error ${other.readyState} ${got.isTrusted}`);
    other.close(1000, 'reason');
    seen.push(other.readyState);
    const got = await event(other, 'close');
    same(seen.join(), '2,error 3 true');
    same([got.code, got.reason, got.wasClean].join(), '1006,,false');
  });
  await test('a connection that can\'t be made: error, then close', async () => {
    const other = new WebSocket('ws://127.0.0.1:1/');
    const seen = [];
    other.onerror = () => seen.push(`error ${other.readyState}`);
    other.onclose = (got) => seen.push(`close ${other.readyState} ${got.code} ${got.wasClean}`);
    await event(other, 'close');
    same(seen.join(), 'error 3,close 3 1006 false');
  });
  await test('a server that chooses none of the subprotocols', async () => {
    const other = new WebSocket(__ENV.NO_PROTOCOL, 'chat');
    const seen = [];
    other.onopen = () => seen.push('open');
    other.onerror = () => seen.push('error');
    const got = await event(other, 'close');
    same(`${seen.join()} ${got.code} ${other.protocol}`, 'error 1006 ');
  });

  ws.close();
  report();
}
