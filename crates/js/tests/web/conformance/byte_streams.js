// streams/readable-byte-streams.
const bytes = (...values) => new Uint8Array(values);
const byteStream = (extras = {}, strategy) => recording({ type: 'bytes', ...extras }, strategy);
const list = (view) => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];

test('interfaces', () => {
  idlShape('ReadableByteStreamController', 0, { byobRequest: 'readonly', desiredSize: 'readonly', close: 'method', enqueue: 'method', error: 'method' });
  idlShape('ReadableStreamBYOBRequest', 0, { view: 'readonly', respond: 'method', respondWithNewView: 'method' });
  idlShape('ReadableStreamBYOBReader', 1, { cancel: 'method', read: 'method', releaseLock: 'method' });
  members(ReadableByteStreamController.prototype, [['enqueue', 'method', 1], ['close', 'method', 0], ['error', 'method', 0], ['byobRequest', 'readonly'], ['desiredSize', 'readonly']]);
  members(ReadableStreamBYOBRequest.prototype, [['respond', 'method', 1], ['respondWithNewView', 'method', 1], ['view', 'readonly']]);
  members(ReadableStreamBYOBReader.prototype, [['read', 'method', 1], ['cancel', 'method', 0], ['releaseLock', 'method', 0], ['closed', 'readonly']]);
});
test('construction: controller, strategy, autoAllocateChunkSize', () => {
  const { controller } = byteStream();
  ok(controller instanceof ReadableByteStreamController);
  same(controller.desiredSize, 0);
  same(controller.byobRequest, null);
  throws(RangeError, () => new ReadableStream({ type: 'bytes' }, { size() { return 1; } }));
  throws(RangeError, () => new ReadableStream({ type: 'bytes' }, new CountQueuingStrategy({ highWaterMark: 1 })));
  throws(RangeError, () => new ReadableStream({ type: 'bytes' }, { highWaterMark: -1 }));
  throws(TypeError, () => new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 0 }));
  throws(TypeError, () => new ReadableStream({ type: 'bytes', autoAllocateChunkSize: -1 }));
  throws(TypeError, () => new ReadableStream({ type: 'bytes', autoAllocateChunkSize: NaN }));
  throws(TypeError, () => new ReadableStream({ type: 'bytes', autoAllocateChunkSize: 2 ** 53 }));
  same(byteStream({}, { highWaterMark: 7 }).controller.desiredSize, 7);
});
test('readers of both modes', async () => {
  const { stream } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  ok(reader instanceof ReadableStreamBYOBReader);
  throws(TypeError, () => stream.getReader());
  reader.releaseLock();
  stream.getReader({ mode: { toString: () => 'byob' } }).releaseLock();
  ok(stream.getReader() instanceof ReadableStreamDefaultReader);
  throws(TypeError, () => new ReadableStreamBYOBReader(stream));
  throws(TypeError, () => new ReadableStreamBYOBReader(new ReadableStream()));
  throws(TypeError, () => new ReadableStreamBYOBReader());
});
test('enqueue: what is no chunk', () => {
  const { controller } = byteStream();
  for (const bad of [undefined, null, 1, 'x', {}, [], new ArrayBuffer(1)]) throws(TypeError, () => controller.enqueue(bad));
  throws(TypeError, () => controller.enqueue());
  throws(TypeError, () => controller.enqueue(new Uint8Array()));
  throws(TypeError, () => controller.enqueue(new Uint8Array(new ArrayBuffer(4), 4)));
  const gone = bytes(1);
  gone.buffer.transfer();
  throws(TypeError, () => controller.enqueue(gone));
  throws(TypeError, () => controller.enqueue(new Uint8Array(new SharedArrayBuffer(1))));
  throws(TypeError, () => controller.enqueue(new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))));
});
test('enqueue: transfers the buffer, keeps the window', async () => {
  const { stream, controller } = byteStream();
  const buffer = bytes(1, 2, 3, 4).buffer;
  controller.enqueue(new DataView(buffer, 1, 2));
  same(buffer.byteLength, 0);
  ok(buffer.detached);
  const { value } = await stream.getReader().read();
  ok(value instanceof Uint8Array && value.constructor === Uint8Array);
  alike([list(value), value.byteOffset, value.buffer.byteLength], [[2, 3], 1, 4]);
});
test('enqueue: desiredSize counts bytes', () => {
  const { controller } = byteStream({}, { highWaterMark: 10 });
  controller.enqueue(new Uint16Array(3));
  same(controller.desiredSize, 4);
  controller.close();
  throws(TypeError, () => controller.enqueue(bytes(1)));
  throws(TypeError, () => controller.close());
});
test('enqueue and close: on a closed and on an errored stream', () => {
  const closed = byteStream().controller;
  closed.close();
  same(closed.desiredSize, 0);
  throws(TypeError, () => closed.enqueue(bytes(1)));
  throws(TypeError, () => closed.close());
  const errored = byteStream().controller;
  errored.error(error1);
  same(errored.desiredSize, null);
  throws(TypeError, () => errored.enqueue(bytes(1)));
  throws(TypeError, () => errored.close());
  errored.error(error2);
});
test('default reader: chunks, the end, an error', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader();
  const waiting = reader.read();
  controller.enqueue(bytes(1, 2));
  controller.enqueue(bytes(3));
  controller.close();
  alike(list((await waiting).value), [1, 2]);
  alike(list((await reader.read()).value), [3]);
  readResult(await reader.read(), undefined, true);
  await reader.closed;
});
test('default reader: pull without autoAllocateChunkSize has no request', async () => {
  let request = 'none';
  const { stream } = byteStream({ pull(c) { request = c.byobRequest; c.enqueue(bytes(1)); } });
  await stream.getReader().read();
  same(request, null);
});
test('default reader: autoAllocateChunkSize makes requests', async () => {
  const { stream } = byteStream({
    autoAllocateChunkSize: 16,
    pull(c) {
      const { view } = c.byobRequest;
      ok(view.constructor === Uint8Array && view.byteLength === 16 && view.byteOffset === 0);
      view[0] = 9;
      c.byobRequest.respond(1);
    },
  });
  const { value } = await stream.getReader().read();
  alike([list(value), value.buffer.byteLength], [[9], 16]);
});
test('default reader: autoAllocateChunkSize with enqueue instead', async () => {
  const { stream, controller } = byteStream({ autoAllocateChunkSize: 16, pull(c) { c.enqueue(bytes(5)); } });
  alike(list((await stream.getReader().read()).value), [5]);
  same(controller.byobRequest, null);
});
test('default reader: an autoAllocateChunkSize that cannot be had', async () => {
  const { stream } = byteStream({ autoAllocateChunkSize: Number.MAX_SAFE_INTEGER });
  await rejects(RangeError, stream.getReader().read());
});
test('byob read: arguments', async () => {
  const reader = byteStream().stream.getReader({ mode: 'byob' });
  for (const bad of [undefined, null, 1, {}, new ArrayBuffer(1)]) await rejects(TypeError, reader.read(bad));
  await rejects(TypeError, reader.read());
  await rejects(TypeError, reader.read(new Uint8Array()));
  await rejects(TypeError, reader.read(new Uint8Array(new ArrayBuffer(0))));
  const gone = bytes(1);
  gone.buffer.transfer();
  await rejects(TypeError, reader.read(gone));
  await rejects(TypeError, reader.read(new Uint8Array(new SharedArrayBuffer(1))));
  await rejects(TypeError, reader.read(new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))));
  await rejects(TypeError, reader.read(bytes(1), 1));
  await rejects(TypeError, reader.read(bytes(1), { min: 0 }));
  await rejects(TypeError, reader.read(bytes(1), { min: -1 }));
  await rejects(RangeError, reader.read(bytes(1), { min: 2 }));
  await rejects(RangeError, reader.read(new DataView(new ArrayBuffer(3)), { min: 4 }));
  await rejects(RangeError, reader.read(new Uint16Array(2), { min: 3 }));
  await rejectsWith(error1, reader.read(bytes(1), { get min() { throw error1; } }));
});
test('byob read: a refused read does not detach', async () => {
  const reader = byteStream().stream.getReader({ mode: 'byob' });
  const view = bytes(1, 2);
  await rejects(RangeError, reader.read(view, { min: 3 }));
  same(view.byteLength, 2);
});
test('byob read: detaches at once, result is of the same kind', async () => {
  for (const Class of [Uint8Array, Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, Float32Array, Float64Array, BigInt64Array]) {
    const { stream, controller } = byteStream();
    const view = new Class(2);
    const read = stream.getReader({ mode: 'byob' }).read(view);
    same(view.byteLength, 0, Class.name);
    controller.enqueue(new Uint8Array(Class.BYTES_PER_ELEMENT));
    const { value, done } = await read;
    ok(value.constructor === Class && value.length === 1 && !done, Class.name);
  }
});
test('byob read: a DataView', async () => {
  const { stream, controller } = byteStream();
  controller.enqueue(bytes(1, 2, 3));
  const { value } = await stream.getReader({ mode: 'byob' }).read(new DataView(new ArrayBuffer(4), 1, 2));
  ok(value instanceof DataView);
  alike([list(value), value.byteOffset, value.buffer.byteLength], [[1, 2], 1, 4]);
});
test('byob read: from the queue, in pieces', async () => {
  const { stream, controller } = byteStream();
  controller.enqueue(bytes(1, 2, 3));
  controller.enqueue(bytes(4, 5));
  controller.close();
  const reader = stream.getReader({ mode: 'byob' });
  alike(list((await reader.read(new Uint8Array(2))).value), [1, 2]);
  alike(list((await reader.read(new Uint8Array(8))).value), [3, 4, 5]);
  const end = await reader.read(new Uint8Array(4));
  ok(end.done && end.value.byteLength === 0 && end.value.buffer.byteLength === 4);
  await reader.closed;
});
test('byob read: request of pull, respond', async () => {
  let request;
  const { stream } = byteStream({
    pull(c) {
      request = c.byobRequest;
      same(c.byobRequest, request, 'the same object each time');
      ok(request instanceof ReadableStreamBYOBRequest);
      const { view } = request;
      alike([view.constructor.name, view.byteOffset, view.byteLength], ['Uint8Array', 2, 4]);
      view.set([7, 8]);
      request.respond(2);
      same(request.view, null);
    },
  });
  const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(new ArrayBuffer(8), 2, 4));
  alike([list(value), value.byteOffset], [[7, 8], 2]);
  throws(TypeError, () => request.respond(1), 'answered already');
  throws(TypeError, () => request.respondWithNewView(bytes(1)), 'answered already');
});
test('byob request: respond with too much, too little, nonsense', async () => {
  const { stream, controller } = byteStream();
  stream.getReader({ mode: 'byob' }).read(new Uint8Array(2));
  await settle();
  throws(RangeError, () => controller.byobRequest.respond(3));
  throws(TypeError, () => controller.byobRequest.respond(0), 'zero while readable');
  throws(TypeError, () => controller.byobRequest.respond(-1));
  throws(TypeError, () => controller.byobRequest.respond(NaN));
  throws(TypeError, () => controller.byobRequest.respond());
  throws(TypeError, () => controller.byobRequest.respondWithNewView());
  throws(TypeError, () => controller.byobRequest.respondWithNewView({}));
  controller.byobRequest.respond('2');
});
test('byob request: closed streams need respond(0)', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint8Array(2));
  controller.close();
  same(await stateOf(read), 'pending');
  throws(TypeError, () => controller.byobRequest.respond(1));
  controller.byobRequest.respond(0);
  const { value, done } = await read;
  ok(done && value.byteLength === 0);
});
test('byob request: respondWithNewView', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint8Array(4));
  await settle();
  const { view } = controller.byobRequest;
  throws(RangeError, () => controller.byobRequest.respondWithNewView(new Uint8Array(5)), 'another buffer length');
  throws(RangeError, () => controller.byobRequest.respondWithNewView(new Uint8Array(view.buffer, 1, 1)), 'another start');
  throws(TypeError, () => controller.byobRequest.respondWithNewView(new Uint8Array(view.buffer, 0, 0)), 'empty');
  const other = new Uint8Array(4);
  other[0] = 3;
  controller.byobRequest.respondWithNewView(other.subarray(0, 1));
  ok(other.buffer.detached);
  alike(list((await read).value), [3]);
});
test('byob request: a detached view', async () => {
  const { stream, controller } = byteStream();
  stream.getReader({ mode: 'byob' }).read(new Uint8Array(4));
  await settle();
  const request = controller.byobRequest, moved = request.view.buffer.transfer();
  throws(TypeError, () => request.respond(1));
  throws(TypeError, () => controller.enqueue(bytes(1)));
  request.respondWithNewView(new Uint8Array(moved, 0, 1));
});
test('byob request: goes when bytes are enqueued', async () => {
  const { stream, controller } = byteStream();
  const read = stream.getReader({ mode: 'byob' }).read(new Uint8Array(4));
  await settle();
  const request = controller.byobRequest;
  controller.enqueue(bytes(1));
  same(request.view, null);
  same(controller.byobRequest, null);
  alike(list((await read).value), [1]);
});
test('byob read: elements of several bytes wait for all of them', async () => {
  const { stream, controller } = byteStream();
  const read = stream.getReader({ mode: 'byob' }).read(new Uint16Array(2));
  controller.enqueue(bytes(1));
  same(await stateOf(read), 'pending');
  controller.enqueue(bytes(2, 3));
  const { value } = await read;
  alike([list(value), value.constructor.name], [[1, 2], 'Uint16Array']);
  same(controller.desiredSize, -1, 'the rest stays');
});
test('byob read: respond byte by byte', async () => {
  const { stream } = byteStream({ pull(c) { c.byobRequest.view[0] = 5; c.byobRequest.respond(1); } });
  const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint16Array(1));
  alike(list(value), [5, 5]);
});
test('byob read: the rest of an element goes back to the queue', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint16Array(2));
  await settle();
  controller.byobRequest.view.set([1, 2, 3]);
  controller.byobRequest.respond(3);
  alike(list((await read).value), [1, 2]);
  alike(list((await reader.read(new Uint8Array(4))).value), [3]);
});
test('closing with part of an element is an error', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint16Array(1));
  controller.enqueue(bytes(1));
  throws(TypeError, () => controller.close());
  await rejects(TypeError, read);
  await rejects(TypeError, reader.closed);
});
test('closing asked for, then a read that the rest does not fill', async () => {
  const { stream, controller } = byteStream();
  controller.enqueue(bytes(1));
  controller.close();
  const reader = stream.getReader({ mode: 'byob' });
  await rejects(TypeError, reader.read(new Uint16Array(1)));
  await rejects(TypeError, reader.closed);
});
test('min: waits for as many elements', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint8Array(5), { min: 3 });
  controller.enqueue(bytes(1, 2));
  same(await stateOf(read), 'pending');
  controller.enqueue(bytes(3, 4));
  alike(list((await read).value), [1, 2, 3, 4]);
});
test('min: counts elements, keeps what is over', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint16Array(3), { min: 2 });
  controller.enqueue(bytes(1, 2, 3));
  same(await stateOf(read), 'pending');
  controller.enqueue(bytes(4, 5));
  alike(list((await read).value), [1, 2, 3, 4]);
  alike(list((await reader.read(new Uint8Array(9))).value), [5]);
});
test('min: the request shrinks as it is answered in parts', async () => {
  const lengths = [];
  const { stream } = byteStream({ pull(c) { lengths.push(c.byobRequest.view.byteLength); c.byobRequest.view[0] = lengths.length; c.byobRequest.respond(1); } });
  const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(3), { min: 3 });
  alike([list(value), lengths], [[1, 2, 3], [3, 2, 1]]);
});
test('min: closing gives what there is as the end, after respond(0)', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint8Array(3), { min: 3 });
  controller.enqueue(bytes(1));
  controller.close();
  controller.byobRequest.respond(0);
  const { value, done } = await read;
  ok(done);
  alike(list(value), [1]);
});
test('several byob reads', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const reads = [reader.read(new Uint8Array(2)), reader.read(new Uint8Array(2)), reader.read(new Uint8Array(2))];
  controller.enqueue(bytes(1, 2, 3));
  alike(list((await reads[0]).value), [1, 2]);
  alike(list((await reads[1]).value), [3]);
  controller.close();
  controller.byobRequest.respond(0);
  ok((await reads[2]).done);
});
test('an error ends byob reads, and the request', async () => {
  const { stream, controller } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint8Array(2));
  await settle();
  const request = controller.byobRequest;
  controller.error(error1);
  await rejectsWith(error1, read);
  await rejectsWith(error1, reader.read(new Uint8Array(1)));
  await rejectsWith(error1, reader.closed);
  same(controller.byobRequest, null);
  throws(TypeError, () => request.respond(1));
});
test('cancel: byob reads end with undefined', async () => {
  const { stream, events } = byteStream();
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint8Array(2));
  same(await reader.cancel('why'), undefined);
  readResult(await read, undefined, true);
  alike(events.slice(-2), ['cancel', 'why']);
  const after = await reader.read(new Uint8Array(3));
  ok(after.done && after.value.byteLength === 0 && after.value.buffer.byteLength === 3);
});
test('cancel: drops the queue', async () => {
  const { stream, controller } = byteStream({}, { highWaterMark: 5 });
  controller.enqueue(bytes(1, 2));
  await stream.cancel();
  same(controller.desiredSize, 0);
  readResult(await stream.getReader().read(), undefined, true);
});
test('releaseLock: pending byob reads reject, their bytes are kept', async () => {
  const { stream, controller } = byteStream();
  const one = stream.getReader({ mode: 'byob' });
  const read = one.read(new Uint8Array(4));
  await settle();
  const request = controller.byobRequest;
  one.releaseLock();
  await rejects(TypeError, read);
  await rejects(TypeError, one.closed);
  await rejects(TypeError, one.read(new Uint8Array(1)));
  request.view[0] = 9;
  request.respond(1);
  alike(list((await stream.getReader().read()).value), [9]);
});
test('releaseLock: partly filled, then enqueue', async () => {
  const { stream, controller } = byteStream();
  const one = stream.getReader({ mode: 'byob' });
  one.read(new Uint16Array(1)).catch(() => {});
  controller.enqueue(bytes(1));
  one.releaseLock();
  controller.enqueue(bytes(2, 3));
  const two = stream.getReader({ mode: 'byob' });
  alike(list((await two.read(new Uint8Array(4))).value), [1, 2, 3]);
});
test('releaseLock: a second byob reader is served after the old request', async () => {
  const { stream, controller } = byteStream();
  const one = stream.getReader({ mode: 'byob' });
  one.read(new Uint8Array(2)).catch(() => {});
  await settle();
  const request = controller.byobRequest;
  one.releaseLock();
  const two = stream.getReader({ mode: 'byob' });
  const read = two.read(new Uint8Array(3));
  same(controller.byobRequest, request);
  request.view[0] = 6;
  request.respond(1);
  alike(list((await read).value), [6]);
});
test('pull: called for a read, once at a time', async () => {
  let resolve;
  const { stream, events } = byteStream({ pull: () => new Promise((done) => { resolve = done; }) });
  await settle();
  alike(events, []);
  const reader = stream.getReader();
  reader.read(); reader.read();
  await settle();
  alike(events, ['pull']);
  resolve();
  await settle();
  alike(events, ['pull', 'pull']);
});
test('pull: throws, rejects; start rejects', async () => {
  await rejectsWith(error1, byteStream({ pull() { throw error1; } }).stream.getReader().read());
  await rejectsWith(error1, byteStream({ pull: () => Promise.reject(error1) }).stream.getReader({ mode: 'byob' }).read(new Uint8Array(1)));
  await rejectsWith(error1, byteStream({ start: () => Promise.reject(error1) }).stream.getReader().closed);
});
test('pull: fills up to the high water mark', async () => {
  const { controller, events } = byteStream({ pull(c) { c.enqueue(bytes(1, 2, 3)); } }, { highWaterMark: 8 });
  await settle();
  same(events.length, 3);
  same(controller.desiredSize, -1);
});
test('wrong receivers', async () => {
  const { stream } = byteStream();
  await rejects(TypeError, ReadableStreamBYOBReader.prototype.read.call({}, bytes(1)));
  await rejects(TypeError, ReadableStreamBYOBReader.prototype.read.call(stream.getReader(), bytes(1)));
  throws(TypeError, () => ReadableByteStreamController.prototype.enqueue.call(recording().controller, bytes(1)));
  throws(TypeError, () => ReadableByteStreamController.prototype.enqueue.call({}, bytes(1)));
  throws(TypeError, () => ReadableStreamBYOBRequest.prototype.respond.call({}, 1));
});
test('patched species and constructors are not seen', async () => {
  const { stream, controller } = byteStream();
  const chunk = bytes(1, 2);
  Object.defineProperty(chunk, 'buffer', { get() { throw error1; } });
  Object.defineProperty(chunk, 'byteLength', { get() { throw error1; } });
  Object.defineProperty(chunk, 'constructor', { get() { throw error1; } });
  controller.enqueue(chunk);
  alike(list((await stream.getReader().read()).value), [1, 2]);
});
test('iteration', async () => {
  const { stream, controller } = byteStream();
  controller.enqueue(bytes(1)); controller.enqueue(bytes(2)); controller.close();
  const got = [];
  for await (const chunk of stream) got.push(list(chunk));
  alike(got, [[1], [2]]);
});

// tee of byte streams
test('tee: branches are byte streams with buffers of their own', async () => {
  const { stream, controller } = byteStream();
  const [one, two] = stream.tee();
  const a = one.getReader({ mode: 'byob' }), b = two.getReader({ mode: 'byob' });
  controller.enqueue(bytes(1, 2));
  const first = (await a.read(new Uint8Array(4))).value, second = (await b.read(new Uint8Array(4))).value;
  alike([list(first), list(second)], [[1, 2], [1, 2]]);
  ok(first.buffer !== second.buffer);
});
test('tee: default readers of both', async () => {
  const { stream, controller } = byteStream();
  const [one, two] = stream.tee();
  controller.enqueue(bytes(1)); controller.enqueue(bytes(2)); controller.close();
  alike((await readAll(one)).map(list), [[1], [2]]);
  alike((await readAll(two)).map(list), [[1], [2]]);
});
test('tee: one byob, one default', async () => {
  const { stream } = byteStream({ pull(c) { if (c.byobRequest) { c.byobRequest.view[0] = 1; c.byobRequest.respond(1); } else c.enqueue(bytes(2)); } });
  const [one, two] = stream.tee();
  const a = one.getReader({ mode: 'byob' }), b = two.getReader();
  alike(list((await a.read(new Uint8Array(2))).value), [1]);
  alike(list((await b.read()).value), [1]);
  alike(list((await b.read()).value), [2]);
  alike(list((await a.read(new Uint8Array(2))).value), [2]);
});
test('tee: nothing is pulled before a branch is read, pulls from a branch reach the source as byob', async () => {
  const { stream, controller, events } = byteStream();
  const [one, two] = stream.tee();
  await settle();
  alike(events, []);
  const a = two.getReader({ mode: 'byob' });
  const read = a.read(new Uint8Array(3));
  await settle();
  same(controller.byobRequest.view.byteLength, 3);
  controller.byobRequest.view[0] = 4;
  controller.byobRequest.respond(1);
  alike(list((await read).value), [4]);
  alike(list((await one.getReader().read()).value), [4]);
});
test('tee: closing ends both, byob too', async () => {
  const { stream, controller } = byteStream();
  const [one, two] = stream.tee();
  const a = one.getReader({ mode: 'byob' }), b = two.getReader();
  const reads = [a.read(new Uint8Array(2)), b.read()];
  await settle();
  controller.close();
  controller.byobRequest?.respond(0);
  const [first, second] = await Promise.all(reads);
  ok(first.done && second.done && first.value.byteLength === 0);
});
test('tee: errors go to both', async () => {
  const { stream, controller } = byteStream();
  const readers = stream.tee().map((branch) => branch.getReader({ mode: 'byob' }));
  const reads = readers.map((reader) => reader.read(new Uint8Array(1)));
  controller.error(error1);
  for (const read of reads) await rejectsWith(error1, read);
  for (const reader of readers) await rejectsWith(error1, reader.closed);
});
test('tee: cancels', async () => {
  const { stream, controller, events } = byteStream();
  const [one, two] = stream.tee();
  const first = one.cancel('r1');
  controller.enqueue(bytes(1));
  alike(list((await two.getReader({ mode: 'byob' }).read(new Uint8Array(2))).value), [1]);
  same(await stateOf(first), 'pending');
  const other = byteStream();
  const [three, four] = other.stream.tee();
  await Promise.all([three.cancel(1), four.cancel(2)]);
  alike(other.events.slice(-2), ['cancel', [1, 2]]);
});
await run();
