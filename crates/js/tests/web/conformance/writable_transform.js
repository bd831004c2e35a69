// streams/writable-streams and streams/transform-streams, what the readable side needs of them.
const sink = (extras = {}, strategy) => {
  const events = [];
  let controller;
  const stream = new WritableStream({
    ...extras,
    start(c) { controller = c; return extras.start?.(c); },
    write(chunk, c) { events.push('write', chunk); return extras.write?.(chunk, c); },
    close() { events.push('close'); return extras.close?.(); },
    abort(reason) { events.push('abort', reason); return extras.abort?.(reason); },
  }, strategy);
  return { stream, events, controller };
};
test('interfaces', () => {
  idlShape('WritableStream', 0, { locked: 'readonly', abort: 'method', close: 'method', getWriter: 'method' });
  idlShape('WritableStreamDefaultWriter', 1, { desiredSize: 'readonly', abort: 'method', close: 'method', releaseLock: 'method', write: 'method' });
  idlShape('WritableStreamDefaultController', 0, { signal: 'readonly', error: 'method' });
  idlShape('TransformStream', 0, { readable: 'readonly', writable: 'readonly' });
  idlShape('TransformStreamDefaultController', 0, { desiredSize: 'readonly', enqueue: 'method', error: 'method', terminate: 'method' });
});
test('writable: constructor refuses', () => {
  throws(TypeError, () => new WritableStream(null));
  throws(RangeError, () => new WritableStream({ type: 'bytes' }));
  throws(TypeError, () => new WritableStream({ write: 1 }));
  throws(RangeError, () => new WritableStream({}, { highWaterMark: -1 }));
  throwsWith(error1, () => new WritableStream({ start() { throw error1; } }));
});
test('writable: writes in order, then closes', async () => {
  const { stream, events } = sink();
  const writer = stream.getWriter();
  writer.write('a'); writer.write('b');
  await writer.close();
  alike(events, ['write', 'a', 'write', 'b', 'close']);
  await writer.closed;
  await rejects(TypeError, writer.write('c'));
  await rejects(TypeError, writer.close());
});
test('writable: backpressure', async () => {
  let finish;
  const { stream } = sink({ write: () => new Promise((done) => { finish = done; }) }, { highWaterMark: 2 });
  const writer = stream.getWriter();
  await writer.ready;
  same(writer.desiredSize, 2);
  writer.write(1); writer.write(2);
  same(writer.desiredSize, 0);
  const ready = writer.ready;
  same(await stateOf(ready), 'pending');
  finish();
  await ready;
  same(writer.desiredSize, 1);
});
test('writable: a failing write errors it', async () => {
  const { stream } = sink({ write() { throw error1; } });
  const writer = stream.getWriter();
  await rejectsWith(error1, writer.write('a'));
  await rejectsWith(error1, writer.closed);
  await rejectsWith(error1, writer.ready);
  same(writer.desiredSize, null);
});
test('writable: abort', async () => {
  const { stream, events, controller } = sink();
  const writer = stream.getWriter();
  let reason;
  controller.signal.addEventListener('abort', () => { reason = controller.signal.reason; });
  await writer.abort(error1);
  alike(events.slice(0, 1), ['abort']);
  same(events[1], error1);
  same(reason, error1);
  await rejectsWith(error1, writer.closed);
  same(await writer.abort('again'), undefined);
});
test('writable: abort waits for the write in flight', async () => {
  let finish;
  const { stream, events } = sink({ write: () => new Promise((done) => { finish = done; }) });
  const writer = stream.getWriter();
  const write = writer.write('a'), queued = writer.write('b');
  queued.catch(() => {});
  await settle();
  const aborted = writer.abort(error1);
  same(await stateOf(aborted), 'pending');
  finish();
  await write;
  await aborted;
  await rejectsWith(error1, queued);
  ok(!events.includes('b'));
});
test('writable: controller.error', async () => {
  const { stream, controller } = sink();
  controller.error(error1);
  await rejectsWith(error1, stream.getWriter().closed);
});
test('writable: releaseLock', async () => {
  const { stream } = sink();
  const writer = stream.getWriter();
  throws(TypeError, () => stream.getWriter());
  await rejects(TypeError, stream.abort());
  await rejects(TypeError, stream.close());
  writer.releaseLock();
  await rejects(TypeError, writer.closed);
  await rejects(TypeError, writer.ready);
  await rejects(TypeError, writer.write('a'));
  throws(TypeError, () => writer.desiredSize);
  stream.getWriter();
});
test('writable: size', async () => {
  const { stream } = sink({}, { size: () => { throw error1; } });
  await rejectsWith(error1, stream.getWriter().write('a'));
});
test('writable: a close that fails', async () => {
  const { stream } = sink({ close() { throw error1; } });
  const writer = stream.getWriter();
  await rejectsWith(error1, writer.close());
  await rejectsWith(error1, writer.closed);
});
test('transform: the identity', async () => {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const all = readAll(readable);
  await writer.write('a');
  await writer.close();
  alike(await all, ['a']);
});
test('transform: transform, flush', async () => {
  const { readable, writable } = new TransformStream({
    transform(chunk, c) { c.enqueue(chunk); c.enqueue(chunk + chunk); },
    flush(c) { c.enqueue('end'); },
  });
  const writer = writable.getWriter();
  const all = readAll(readable);
  await writer.write('a');
  await writer.close();
  alike(await all, ['a', 'aa', 'end']);
});
test('transform: backpressure, nothing is transformed before it is read', async () => {
  const seen = [];
  const { readable, writable } = new TransformStream({ transform(chunk, c) { seen.push(chunk); c.enqueue(chunk); } });
  const writer = writable.getWriter();
  writer.write('a');
  await settle();
  alike(seen, []);
  await readable.getReader().read();
  alike(seen, ['a']);
});
test('transform: an error in transform errors both sides', async () => {
  const { readable, writable } = new TransformStream({ transform() { throw error1; } });
  const writer = writable.getWriter(), reader = readable.getReader();
  const write = writer.write('a');
  await rejectsWith(error1, reader.read());
  await rejectsWith(error1, write);
  await rejectsWith(error1, writer.closed);
});
test('transform: terminate', async () => {
  let controller;
  const { readable, writable } = new TransformStream({ start(c) { controller = c; } });
  controller.enqueue('a');
  controller.terminate();
  alike(await readAll(readable), ['a']);
  await rejects(TypeError, writable.getWriter().closed);
  throws(TypeError, () => controller.enqueue('b'));
});
test('transform: cancel is called for cancel and abort', async () => {
  const reasons = [];
  const make = () => new TransformStream({ cancel(reason) { reasons.push(reason); } });
  const one = make();
  await one.readable.cancel('c');
  await rejectsWith('c', one.writable.getWriter().closed);
  const two = make();
  await two.writable.abort('a');
  await rejectsWith('a', two.readable.getReader().closed);
  alike(reasons, ['c', 'a']);
});
test('transform: constructor refuses', () => {
  throws(RangeError, () => new TransformStream({ readableType: 'bytes' }));
  throws(RangeError, () => new TransformStream({ writableType: '' }));
  throws(TypeError, () => new TransformStream(null));
  throws(TypeError, () => new TransformStream({ transform: 1 }));
  throwsWith(error1, () => new TransformStream({ start() { throw error1; } }));
});
test('transform: methods have the transformer as this and get the controller', async () => {
  const calls = [];
  const transformer = {
    start(c) { calls.push(['start', this === transformer, c instanceof TransformStreamDefaultController]); },
    transform(chunk, c) { calls.push(['transform', this === transformer, c instanceof TransformStreamDefaultController]); },
    flush(c) { calls.push(['flush', this === transformer, c instanceof TransformStreamDefaultController]); },
  };
  const { readable, writable } = new TransformStream(transformer);
  const writer = writable.getWriter();
  readable.getReader().read();
  writer.write('a');
  await writer.close();
  alike(calls, ['start', 'transform', 'flush'].map((name) => [name, true, true]));
});
await run();
