// streams/readable-streams: general, constructor, properties, locked, getReader.
test('interface of ReadableStream', () => {
  idlShape('ReadableStream', 0, {
    locked: 'readonly', cancel: 'method', getReader: 'method', pipeThrough: 'method', pipeTo: 'method', tee: 'method', values: 'method',
  });
  members(ReadableStream.prototype, [
    ['cancel', 'method', 0], ['getReader', 'method', 0], ['pipeThrough', 'method', 1], ['pipeTo', 'method', 1], ['tee', 'method', 0],
    ['values', 'method', 0], ['locked', 'readonly'],
  ]);
  const from = Object.getOwnPropertyDescriptor(ReadableStream, 'from');
  ok(from.enumerable && from.configurable && from.writable && from.value.length === 1, 'from');
});
test('Symbol.asyncIterator is values, not enumerable', () => {
  const property = Object.getOwnPropertyDescriptor(ReadableStream.prototype, Symbol.asyncIterator);
  same(property.value, ReadableStream.prototype.values);
  ok(!property.enumerable && property.writable && property.configurable);
});
test('interface of ReadableStreamDefaultReader', () => {
  idlShape('ReadableStreamDefaultReader', 1, { cancel: 'method', read: 'method', releaseLock: 'method' });
  members(ReadableStreamDefaultReader.prototype, [
    ['closed', 'readonly'], ['cancel', 'method', 0], ['read', 'method', 0], ['releaseLock', 'method', 0],
  ]);
});
test('interface of ReadableStreamDefaultController', () => {
  idlShape('ReadableStreamDefaultController', 0, { desiredSize: 'readonly', close: 'method', enqueue: 'method', error: 'method' });
  members(ReadableStreamDefaultController.prototype, [
    ['desiredSize', 'readonly'], ['close', 'method', 0], ['enqueue', 'method', 0], ['error', 'method', 0],
  ]);
});
test('controllers and requests cannot be constructed', () => {
  for (const Class of [ReadableStreamDefaultController, ReadableByteStreamController, ReadableStreamBYOBRequest, WritableStreamDefaultController, TransformStreamDefaultController]) {
    throws(TypeError, () => new Class(), Class.name);
    throws(TypeError, () => new Class(new ReadableStream()), Class.name);
  }
});
test('constructor takes nothing, an empty object, or an object with undefined members', () => {
  new ReadableStream();
  new ReadableStream({});
  new ReadableStream(undefined);
  new ReadableStream({ start: undefined, pull: undefined, cancel: undefined, type: undefined, autoAllocateChunkSize: undefined });
  new ReadableStream({}, undefined);
  new ReadableStream({}, null);
  new ReadableStream({}, {});
  new ReadableStream({}, { size: undefined, highWaterMark: undefined });
  new ReadableStream(() => {});
});
test('constructor refuses null and primitives as source', () => {
  for (const bad of [null, 1, 'x', true, Symbol(), 1n]) throws(TypeError, () => new ReadableStream(bad), String(bad));
});
test('constructor refuses a type that is not bytes', () => {
  for (const type of [null, '', 'asdf', 'Bytes', 'bytes ', {}, 0]) throws(TypeError, () => new ReadableStream({ type }), String(type));
  throwsWith(error1, () => new ReadableStream({ get type() { throw error1; } }));
  throwsWith(error1, () => new ReadableStream({ type: { toString() { throw error1; } } }));
  new ReadableStream({ type: { toString: () => 'bytes' } });
});
test('constructor refuses methods that are not functions', () => {
  for (const method of ['start', 'pull', 'cancel']) {
    for (const bad of [null, 1, 'x', {}, []]) throws(TypeError, () => new ReadableStream({ [method]: bad }), `${method} ${bad}`);
  }
});
test('members are read once, in the order of Web IDL, strategy first', () => {
  const read = [];
  const spy = (name, value) => ({ get() { read.push(name); return value; } });
  const source = Object.defineProperties({}, {
    type: spy('type'), start: spy('start'), pull: spy('pull'), cancel: spy('cancel'), autoAllocateChunkSize: spy('autoAllocateChunkSize'),
  });
  const strategy = Object.defineProperties({}, { size: spy('size'), highWaterMark: spy('highWaterMark') });
  new ReadableStream(source, strategy);
  alike(read, ['highWaterMark', 'size', 'autoAllocateChunkSize', 'cancel', 'pull', 'start', 'type']);
});
test('methods are called with the source as this', async () => {
  const calls = [];
  const source = {
    start(...args) { calls.push(['start', this === source, args.length]); },
    pull(...args) { calls.push(['pull', this === source, args.length]); },
    cancel(...args) { calls.push(['cancel', this === source, args.length]); },
  };
  const stream = new ReadableStream(source);
  await settle();
  await stream.cancel();
  alike(calls, [['start', true, 1], ['pull', true, 1], ['cancel', true, 1]]);
});
test('methods are found on the prototype, also of functions and with apply replaced', async () => {
  class Source { start(c) { c.enqueue('a'); } pull(c) { c.close(); } }
  alike(await readAll(new ReadableStream(new Source())), ['a']);
  function start(c) { c.enqueue('b'); c.close(); }
  start.apply = () => { throw new Error('called'); };
  alike(await readAll(new ReadableStream({ start })), ['b']);
});
test('start is called synchronously, before the constructor returns', () => {
  let called = false;
  new ReadableStream({ start() { called = true; } });
  ok(called);
});
test('start gets the same controller as pull', async () => {
  let first, second;
  new ReadableStream({ start(c) { first = c; }, pull(c) { second = c; } });
  await settle();
  same(first, second);
  ok(first instanceof ReadableStreamDefaultController);
});
test('subclasses', () => {
  class Sub extends ReadableStream { get extra() { return 5; } }
  const stream = new Sub();
  same(stream.extra, 5);
  ok(stream instanceof Sub && stream instanceof ReadableStream && !stream.locked);
});
test('locked is of the type of stream only, and follows readers', () => {
  const stream = new ReadableStream();
  same(stream.locked, false);
  const reader = stream.getReader();
  same(stream.locked, true);
  reader.releaseLock();
  same(stream.locked, false);
});
test('getReader: mode', () => {
  const stream = new ReadableStream();
  for (const options of [undefined, null, {}, { mode: undefined }, { notmode: 1 }]) stream.getReader(options).releaseLock();
  for (const mode of [null, '', 'asdf', 0, {}, 'BYOB']) throws(TypeError, () => stream.getReader({ mode }), String(mode));
  throws(TypeError, () => stream.getReader(1));
  throws(TypeError, () => stream.getReader('byob'));
  throws(TypeError, () => stream.getReader({ mode: 'byob' }), 'not a byte stream');
  throwsWith(error1, () => stream.getReader({ get mode() { throw error1; } }));
  same(stream.locked, false, 'a refused reader does not lock');
});
test('getReader: a locked stream', () => {
  const stream = new ReadableStream();
  stream.getReader();
  throws(TypeError, () => stream.getReader());
  throws(TypeError, () => new ReadableStreamDefaultReader(stream));
});
test('getReader on closed and errored streams', async () => {
  await streamOf().getReader().closed;
  const stream = new ReadableStream({ start(c) { c.error(error1); } });
  await rejectsWith(error1, stream.getReader().closed);
});
test('start: a promise delays pull', async () => {
  let resolve;
  const { events } = recording({ start: () => new Promise((done) => { resolve = done; }) });
  await settle();
  alike(events, []);
  resolve();
  await settle();
  alike(events, ['pull']);
});
test('start: chunks enqueued before it resolves can be read', async () => {
  const stream = new ReadableStream({ start(c) { c.enqueue('a'); return new Promise(() => {}); } });
  readResult(await stream.getReader().read(), 'a', false);
});
test('pull is called once for an empty queue, and not again before it gave something', async () => {
  const { events } = recording();
  await settle();
  alike(events, ['pull']);
});
test('pull is called as chunks are read', async () => {
  const { stream, events } = recording({ start(c) { c.enqueue(1); } });
  await settle();
  alike(events, []);
  const reader = stream.getReader();
  readResult(await reader.read(), 1, false);
  await settle();
  alike(events, ['pull']);
});
test('pull is not called after start has filled the queue, or after close', async () => {
  const full = recording({ start(c) { c.enqueue(1); } });
  const closed = recording({ start(c) { c.close(); } });
  const errored = recording({ start(c) { c.error(error1); } });
  await settle();
  alike([full.events, closed.events, errored.events], [[], [], []]);
});
test('pull: a pending promise holds the next call back, exactly one follows', async () => {
  let resolve, calls = 0;
  const stream = new ReadableStream({ pull() { calls++; return new Promise((done) => { resolve = done; }); } }, { highWaterMark: 5 });
  await settle();
  same(calls, 1);
  const reader = stream.getReader();
  reader.read(); reader.read();
  await settle();
  same(calls, 1);
  resolve();
  await settle();
  same(calls, 2);
});
test('pull fills up to the high water mark', async () => {
  const { controller, events } = recording({ pull(c) { c.enqueue('x'); } }, { highWaterMark: 4 });
  await settle();
  same(events.length, 4);
  same(controller.desiredSize, 0);
});
test('pull with a high water mark of zero only for reads', async () => {
  const { stream, events } = recording({ pull(c) { c.enqueue('x'); } }, { highWaterMark: 0 });
  await settle();
  alike(events, []);
  await stream.getReader().read();
  await settle();
  alike(events, ['pull']);
});
test('desiredSize: default strategy', () => {
  const { controller } = recording();
  same(controller.desiredSize, 1);
  controller.enqueue('a');
  same(controller.desiredSize, 0);
  controller.enqueue('b');
  same(controller.desiredSize, -1);
  controller.close();
  same(controller.desiredSize, -1, 'closing, with chunks left');
});
test('desiredSize: zero when closed, null when errored', () => {
  const closed = recording().controller;
  closed.close();
  same(closed.desiredSize, 0);
  const errored = recording().controller;
  errored.error();
  same(errored.desiredSize, null);
});
test('controller.enqueue on a closed, closing or errored stream', () => {
  const one = recording().controller;
  one.close();
  throws(TypeError, () => one.enqueue('a'));
  const two = recording().controller;
  two.enqueue('a');
  two.close();
  throws(TypeError, () => two.enqueue('b'));
  const three = recording().controller;
  three.error(error1);
  throws(TypeError, () => three.enqueue('a'));
});
test('controller.close twice, or after an error', () => {
  const one = recording().controller;
  one.close();
  throws(TypeError, () => one.close());
  const two = recording().controller;
  two.error(error1);
  throws(TypeError, () => two.close());
});
test('controller.error: only the first counts', async () => {
  const { stream, controller } = recording();
  controller.error(error1);
  same(controller.error(error2), undefined);
  await rejectsWith(error1, stream.getReader().closed);
});
test('controller.error after close is nothing', async () => {
  const { stream, controller } = recording();
  controller.close();
  controller.error(error1);
  await stream.getReader().closed;
});
test('controller.error drops the queue', async () => {
  const { stream, controller } = recording();
  controller.enqueue('a');
  controller.error(error1);
  await rejectsWith(error1, stream.getReader().read());
});
test('close with chunks left closes when they are read', async () => {
  const stream = streamOf('a', 'b');
  const reader = stream.getReader();
  same(await stateOf(reader.closed), 'pending');
  readResult(await reader.read(), 'a', false);
  readResult(await reader.read(), 'b', false);
  await reader.closed;
  readResult(await reader.read(), undefined, true);
});
test('chunks are handed over as they are, undefined too', async () => {
  const object = {};
  const chunks = await readAll(streamOf(undefined, null, object, Promise));
  same(chunks.length, 4);
  same(chunks[0], undefined);
  same(chunks[2], object);
});
test('wrong receivers', async () => {
  const stream = new ReadableStream(), reader = stream.getReader();
  for (const wrong of [undefined, null, 1, {}, reader, new Proxy(stream, {})]) {
    throws(TypeError, () => Reflect.get(ReadableStream.prototype, 'locked', wrong ?? 1));
    throws(TypeError, () => ReadableStream.prototype.getReader.call(wrong));
    throws(TypeError, () => ReadableStream.prototype.tee.call(wrong));
    throws(TypeError, () => ReadableStream.prototype.values.call(wrong));
    await rejects(TypeError, ReadableStream.prototype.cancel.call(wrong));
    await rejects(TypeError, ReadableStream.prototype.pipeTo.call(wrong, new WritableStream()));
  }
  for (const wrong of [undefined, {}, stream]) {
    await rejects(TypeError, ReadableStreamDefaultReader.prototype.read.call(wrong));
    await rejects(TypeError, ReadableStreamDefaultReader.prototype.cancel.call(wrong));
    throws(TypeError, () => ReadableStreamDefaultReader.prototype.releaseLock.call(wrong));
    throws(TypeError, () => ReadableStreamDefaultController.prototype.enqueue.call(wrong));
    throws(TypeError, () => ReadableStreamDefaultController.prototype.close.call(wrong));
    throws(TypeError, () => ReadableStreamDefaultController.prototype.error.call(wrong));
  }
  await rejects(TypeError, Reflect.get(ReadableStreamDefaultReader.prototype, 'closed', {}));
  throws(TypeError, () => new ReadableStreamDefaultReader());
  throws(TypeError, () => new ReadableStreamDefaultReader({}));
});
await run();
