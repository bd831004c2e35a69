// FileAPI/blob: stream(), and what of the constructors `../blob.js` does not have.
const decode = (chunks) => new TextDecoder().decode(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
test('stream: is a method that gives a ReadableStream of bytes', async () => {
  const stream = new Blob(['x']).stream();
  same(Object.getPrototypeOf(stream), ReadableStream.prototype);
  ok(!stream.locked && stream !== new Blob(['x']).stream());
  members(Blob.prototype, [['stream', 'method', 0]]);
  throws(TypeError, () => Blob.prototype.stream.call({}));
  stream.getReader({ mode: 'byob' });
});
test('stream: all bytes', async () => {
  const chunks = await readAll(new Blob(['PASS', new Uint8Array([33])]).stream());
  ok(chunks.every((chunk) => chunk.constructor === Uint8Array));
  same(decode(chunks), 'PASS!');
});
test('stream: an empty blob ends at once', async () => alike(await readAll(new Blob().stream()), []));
test('stream: large blobs come in pieces', async () => {
  const big = new Uint8Array(300000).map((_, i) => i % 251);
  const chunks = await readAll(new Blob([big]).stream());
  ok(chunks.length > 1);
  let at = 0;
  for (const chunk of chunks) for (const byte of chunk) if (byte !== big[at++]) throw new Error(`byte ${at - 1}`);
  same(at, big.length);
});
test('stream: byob reads', async () => {
  const reader = new Blob(['012345678']).stream().getReader({ mode: 'byob' });
  const first = await reader.read(new Uint8Array(4));
  same(decode([first.value]), '0123');
  const second = await reader.read(new Uint8Array(64));
  same(decode([second.value]), '45678');
  const end = await reader.read(new Uint8Array(8));
  ok(end.done && end.value.byteLength === 0);
  await reader.closed;
});
test('stream: byob read of an empty blob', async () => {
  const { done, value } = await new Blob([]).stream().getReader({ mode: 'byob' }).read(new Uint8Array(8));
  ok(done && value.byteLength === 0);
});
test('stream: byob read with min', async () => {
  const reader = new Blob(['abc']).stream().getReader({ mode: 'byob' });
  same(decode([(await reader.read(new Uint8Array(8), { min: 2 })).value]), 'abc');
});
test('stream: of a slice, of a file', async () => {
  same(decode(await readAll(new Blob(['0123456789']).slice(2, 5).stream())), '234');
  same(decode(await readAll(new File(['file'], 'n').stream())), 'file');
});
test('stream: what a reader does to a chunk is not seen by the blob', async () => {
  const blob = new Blob(['abc']);
  (await blob.stream().getReader().read()).value[0] = 0;
  same(await blob.text(), 'abc');
});
test('stream: cancel', async () => {
  const stream = new Blob(['abc']).stream();
  await stream.cancel();
  alike(await readAll(stream), []);
});
test('constructor: parts are read by the iterator, each once', async () => {
  same(await new Blob({ *[Symbol.iterator]() { yield 'a'; yield 1; } }).text(), 'a1');
  same(await new Blob(new String('xyz')).text(), 'xyz');
  same(await new Blob(new Uint8Array([1, 2, 3])).text(), '123');
  throws(TypeError, () => new Blob([{ toString: undefined, valueOf: undefined }]));
  throwsWith(error1, () => new Blob([{ toString() { throw error1; } }]));
  throws(TypeError, () => new Blob({ [Symbol.iterator]: 1 }));
  for (const bad of [null, true, 0, 1.5, 'abc', new Date(), /re/, {}]) throws(TypeError, () => new Blob(bad), String(bad));
});
test('constructor: conversion order and elements changed while read', async () => {
  const array = ['a', { toString() { array.push('c'); return 'b'; } }];
  same(await new Blob(array).text(), 'abc');
});
test('constructor: options', () => {
  for (const good of [null, undefined, {}, { unrecognized: true }, /re/, () => {}, []]) same(new Blob([], good).size, 0);
  for (const bad of [123, 123.4, true, 'abc', Symbol()]) throws(TypeError, () => new Blob([], bad));
  for (const bad of ['', 'Native', null, 5]) throws(TypeError, () => new Blob([], { endings: bad }));
  throwsWith(error1, () => new Blob([], { get type() { throw error1; } }));
  throwsWith(error1, () => new Blob([], { get endings() { throw error1; } }));
  throwsWith(error1, () => new Blob([], { type: { toString() { throw error1; } } }));
});
test('constructor: types', () => {
  for (const [type, kept] of [['image/GIF', 'image/gif'], ['A', 'a'], ['text/html;charset=UTF-8', 'text/html;charset=utf-8'], ['\u00e5', ''], ['\uD801\uDC7E', ''], [' image/gif ', ' image/gif '], ['image/gif\u007F', ''], ['image/gif\n', ''], ['\u0130mage/gif', ''], ['\u0000', '']]) {
    same(new Blob([], { type }).type, kept, show(type));
    same(new Blob().slice(0, 0, type).type, kept, `slice ${show(type)}`);
    same(new File([], 'n', { type }).type, kept, `File ${show(type)}`);
  }
});
test('constructor: views, windows of them, floats', async () => {
  const buffer = new Uint8Array([0x50, 0x41, 0x53, 0x53]).buffer;
  for (const part of [buffer, new Uint8Array(buffer), new Int8Array(buffer), new Uint16Array(buffer), new Int32Array(buffer), new Float32Array(buffer), new DataView(buffer), new Uint8ClampedArray(buffer)]) same(await new Blob([part]).text(), 'PASS');
  same(await new Blob([new Uint8Array(buffer, 1, 2), new Blob(['x']), 'y']).text(), 'ASxy');
});
test('endings: native over parts', async () => {
  const text = (parts) => new Blob(parts, { endings: 'native' }).text();
  for (const ending of ['\r', '\n', '\r\n']) {
    same(await text([`a${ending}b`]), 'a\nb');
    same(await text([ending]), '\n');
  }
  same(await text(['\r', '\n']), '\n\n', 'parts are converted on their own');
  same(await text(['\r\n\r\n']), '\n\n');
  same(await text(['\n\r']), '\n\n');
  same(await text([new Blob(['\r'])]), '\r', 'blobs are not converted');
});
test('slice: clamps, converts, keeps the order of arguments', async () => {
  const blob = new Blob(['abcdef']);
  for (const [args, expected] of [[[], 'abcdef'], [[-2], 'ef'], [[1, -1], 'bcde'], [[4, 2], ''], [[NaN], 'abcdef'], [[2 ** 63], ''], [[-(2 ** 63)], 'abcdef'], [[0, 2 ** 64], 'abcdef'], [['1', '3'], 'bc'], [[0.5], 'abcdef'], [[1.5], 'cdef'], [[undefined, 2], 'ab'], [[null, null], ''], [[-100, -99], '']]) {
    same(await blob.slice(...args).text(), expected, show(args));
  }
  same(blob.slice(0, 1, 'X/Y').type, 'x/y');
  same(blob.slice(0, 1, null).type, 'null');
  throws(TypeError, () => blob.slice(Symbol()));
  throws(TypeError, () => blob.slice(1n));
  ok(blob.slice() !== blob);
});
test('text, arrayBuffer, bytes: promises, each anew', async () => {
  const blob = new Blob(['a\u20ac']);
  ok(blob.text() instanceof Promise && blob.text() !== blob.text());
  same((await blob.arrayBuffer()).byteLength, 4);
  ok((await blob.arrayBuffer()) !== (await blob.arrayBuffer()));
  alike([...(await blob.bytes())], [97, 226, 130, 172]);
  for (const name of ['text', 'arrayBuffer', 'bytes']) await rejects(TypeError, Blob.prototype[name].call({}), name);
});
test('File: name, lastModified, receivers', () => {
  same(new File([], 'a/b:c').name, 'a/b:c');
  same(new File([], 5).name, '5');
  same(new File([], null).name, 'null');
  for (const [time, kept] of [[0, 0], [1.9, 1], [-1.9, -1], ['7', 7], [null, 0], [NaN, 0], [Infinity, 0], [2 ** 63, -(2 ** 63)], [new Date(3), 3], [true, 1]]) {
    same(new File([], 'n', { lastModified: time }).lastModified, kept, String(time));
  }
  throws(TypeError, () => new File());
  throws(TypeError, () => new File('x', 'n'));
  throws(TypeError, () => new File([], Symbol()));
  throws(TypeError, () => new File([], 'n', 1));
});
test('File: members are read in the order of the dictionaries', () => {
  const read = [];
  const spy = (name) => ({ get() { read.push(name); } });
  new File([], 'n', Object.defineProperties({}, { type: spy('type'), lastModified: spy('lastModified'), endings: spy('endings') }));
  alike(read, ['endings', 'type', 'lastModified']);
});
test('File: arguments are converted in order', () => {
  const order = [];
  new File([{ toString() { order.push('part'); return ''; } }], { toString() { order.push('name'); return ''; } }, { get endings() { order.push('options'); } });
  alike(order, ['part', 'name', 'options']);
});
await run();
