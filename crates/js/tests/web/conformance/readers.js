// streams/readable-streams: default-reader, templated, cancel.
test('closed is the same promise each time', () => {
  const reader = new ReadableStream().getReader();
  same(reader.closed, reader.closed);
});
test('the constructor locks', () => {
  const stream = new ReadableStream();
  const reader = new ReadableStreamDefaultReader(stream);
  ok(stream.locked && reader instanceof ReadableStreamDefaultReader);
  same(Object.getPrototypeOf(stream), ReadableStream.prototype);
});
test('read: waits for a chunk', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader();
  const read = reader.read();
  same(await stateOf(read), 'pending');
  controller.enqueue('a');
  readResult(await read, 'a', false);
});
test('read: several at once are served in order', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader(), order = [];
  const reads = [1, 2, 3].map((i) => reader.read().then((result) => order.push([i, result.value])));
  controller.enqueue('a'); controller.enqueue('b'); controller.enqueue('c');
  await Promise.all(reads);
  alike(order, [[1, 'a'], [2, 'b'], [3, 'c']]);
});
test('read: distinct promises, also when closed', async () => {
  const reader = streamOf().getReader();
  ok(reader.read() !== reader.read());
  readResult(await reader.read(), undefined, true);
});
test('read: pending reads end with the stream, closed first', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader(), order = [];
  const read = reader.read().then((result) => { order.push('read'); return result; });
  reader.closed.then(() => order.push('closed'));
  controller.close();
  readResult(await read, undefined, true);
  await settle();
  alike(order.sort(), ['closed', 'read']);
});
test('read: pending reads fail with the stream', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader();
  const one = reader.read(), two = reader.read();
  controller.error(error1);
  await rejectsWith(error1, one);
  await rejectsWith(error1, two);
  await rejectsWith(error1, reader.read());
  await rejectsWith(error1, reader.closed);
});
test('read: on a stream that errored undefined', async () => {
  const { stream, controller } = recording();
  controller.error();
  await rejectsWith(undefined, stream.getReader().read());
});
test('releaseLock: reads and closed reject with a TypeError', async () => {
  const { stream } = recording();
  const reader = stream.getReader();
  const closed = reader.closed;
  reader.releaseLock();
  same(reader.closed, closed, 'a pending promise is kept');
  await rejects(TypeError, reader.closed);
  await rejects(TypeError, reader.read());
  await rejects(TypeError, reader.cancel());
  same(stream.locked, false);
  reader.releaseLock();
});
test('releaseLock: rejects pending reads, chunks stay for the next reader', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader();
  const read = reader.read();
  reader.releaseLock();
  await rejects(TypeError, read);
  controller.enqueue('a');
  readResult(await stream.getReader().read(), 'a', false);
});
test('releaseLock: a new closed promise once it was settled', async () => {
  const stream = streamOf();
  const reader = stream.getReader();
  const closed = reader.closed;
  await closed;
  reader.releaseLock();
  ok(reader.closed !== closed);
  await rejects(TypeError, reader.closed);
  await stream.getReader().closed;
});
test('releaseLock: on an errored stream', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader();
  controller.error(error1);
  const closed = reader.closed;
  reader.releaseLock();
  ok(reader.closed !== closed);
  await rejectsWith(error1, closed);
  await rejects(TypeError, reader.closed);
  await rejectsWith(error1, stream.getReader().closed);
});
test('releaseLock: an old reader knows nothing of what comes after', async () => {
  const { stream, controller } = recording();
  const old = stream.getReader();
  old.releaseLock();
  const reader = stream.getReader();
  controller.close();
  await reader.closed;
  await rejects(TypeError, old.closed);
});
test('a second reader continues where the first stopped', async () => {
  const stream = streamOf('a', 'b');
  const one = stream.getReader();
  await one.read();
  one.releaseLock();
  alike(await readAll(stream), ['b']);
});
test('reading after an abandoned read does not lose a chunk', async () => {
  const { stream, controller } = recording();
  const one = stream.getReader();
  one.read().catch(() => {});
  one.releaseLock();
  const two = stream.getReader();
  const read = two.read();
  controller.enqueue('a');
  readResult(await read, 'a', false);
});
test('enqueue within a then of Object.prototype cannot get in between', async () => {
  const { stream, controller } = recording();
  const reader = stream.getReader();
  const seen = [];
  Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { if ('done' in this && 'value' in this) seen.push(this.value); } });
  try {
    const read = reader.read();
    controller.enqueue('a');
    await read;
  } finally {
    delete Object.prototype.then;
  }
  alike(seen, ['a']);
});

// templated: closed and errored streams, with and without readers.
test('closed: cancel, getReader, tee, values', async () => {
  same(await streamOf().cancel('x'), undefined);
  ok(streamOf().cancel() !== streamOf().cancel());
  const [one, two] = streamOf().tee();
  alike([await readAll(one), await readAll(two)], [[], []]);
  same(await stateOf(streamOf().getReader().closed), 'fulfilled');
});
test('closed: a reader', async () => {
  const stream = streamOf();
  const reader = stream.getReader();
  await reader.closed;
  ok(stream.locked);
  same(await reader.cancel(), undefined);
  await rejects(TypeError, stream.cancel());
  readResult(await reader.read(), undefined, true);
  reader.releaseLock();
  reader.releaseLock();
});
test('errored: cancel, getReader, tee', async () => {
  const errored = () => new ReadableStream({ start(c) { c.error(error1); } });
  await rejectsWith(error1, errored().cancel());
  const reader = errored().getReader();
  await rejectsWith(error1, reader.cancel());
  await rejectsWith(error1, reader.read());
  for (const branch of errored().tee()) await rejectsWith(error1, branch.getReader().read());
});
test('errored: by start rejecting', async () => {
  const stream = new ReadableStream({ start: () => Promise.reject(error1) });
  const reader = stream.getReader();
  await rejectsWith(error1, reader.closed);
  reader.releaseLock();
  await rejectsWith(error1, stream.cancel());
});
test('two chunks and open: reading both, then waiting', async () => {
  const { stream } = recording({ start(c) { c.enqueue(1); c.enqueue(2); } });
  const reader = stream.getReader();
  readResult(await reader.read(), 1, false);
  readResult(await reader.read(), 2, false);
  same(await stateOf(reader.read()), 'pending');
});
test('two chunks and closed: reading both, then the end', async () => {
  const reader = streamOf(1, 2).getReader();
  readResult(await reader.read(), 1, false);
  same(await stateOf(reader.closed), 'pending');
  readResult(await reader.read(), 2, false);
  readResult(await reader.read(), undefined, true);
  await reader.closed;
});

// cancel
test('cancel: passes the reason, once, and closes', async () => {
  const { stream, events } = recording({ start(c) { c.enqueue('a'); } });
  same(await stream.cancel(error1), undefined);
  same(events[0], 'cancel');
  same(events[1], error1);
  same(events.length, 2);
  readResult(await stream.getReader().read(), undefined, true);
});
test('cancel: of the stream while locked, of the reader instead', async () => {
  const { stream, events } = recording();
  const reader = stream.getReader();
  await rejects(TypeError, stream.cancel('no'));
  await reader.cancel('yes');
  alike(events.filter((e) => e !== 'pull'), ['cancel', 'yes']);
  await reader.closed;
  ok(stream.locked);
});
test('cancel: pending reads end', async () => {
  const { stream } = recording();
  const reader = stream.getReader();
  const read = reader.read();
  reader.cancel();
  readResult(await read, undefined, true);
});
test('cancel: a second one does not reach the source', async () => {
  const { stream, events } = recording();
  await Promise.all([stream.cancel(1), stream.cancel(2)]);
  alike(events.filter((e) => e !== 'pull'), ['cancel', 1]);
});
test('cancel: waits for the source, the stream is closed at once', async () => {
  let resolve;
  const { stream } = recording({ cancel: () => new Promise((done) => { resolve = done; }) });
  const cancelled = stream.cancel();
  same(await stateOf(cancelled), 'pending');
  await stream.getReader().closed;
  resolve('x');
  same(await cancelled, undefined);
});
test('cancel: before start finished', async () => {
  const { stream, events } = recording({ start: () => new Promise(() => {}) });
  await stream.cancel('early');
  alike(events, ['cancel', 'early']);
});
test('cancel: no pull afterwards', async () => {
  const { stream, events } = recording({ start: async () => {} });
  stream.cancel();
  await settle();
  ok(!events.includes('pull'));
});
test('cancel: within start', async () => {
  let cancelled;
  const stream = new ReadableStream({ pull(c) { cancelled ??= stream.cancel('in pull'); } });
  await settle();
  await cancelled;
  await stream.getReader().closed;
});
test('cancel: of a closed stream does not reach the source, of an errored one neither', async () => {
  const { stream, controller, events } = recording();
  controller.close();
  await stream.cancel();
  const errored = recording();
  errored.controller.error(error1);
  await rejectsWith(error1, errored.stream.cancel());
  ok(!events.includes('cancel') && !errored.events.includes('cancel'));
});
test('cancel: an error while the source still cancels is nothing', async () => {
  const { stream, controller } = recording({ cancel: () => new Promise(() => {}) });
  stream.cancel();
  controller.error(error1);
  await stream.getReader().closed;
});
await run();
