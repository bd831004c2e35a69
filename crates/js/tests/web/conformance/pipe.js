// streams/piping.
const collect = (extras = {}) => {
  const written = [];
  const stream = new WritableStream({ write(chunk) { written.push(chunk); }, close() { written.push('closed'); }, abort(reason) { written.push('aborted', reason); }, ...extras });
  return { stream, written };
};
test('pipeTo: all chunks, then close', async () => {
  const { stream, written } = collect();
  same(await streamOf('a', 'b').pipeTo(stream), undefined);
  alike(written, ['a', 'b', 'closed']);
});
test('pipeTo: enqueue() does not write before it returns', async () => {
  let controller, written = false;
  const source = new ReadableStream({ start(c) { controller = c; } }, { highWaterMark: 0 });
  const piped = source.pipeTo(new WritableStream({ write() { written = true; } }));
  await Promise.resolve();
  controller.enqueue('a');
  same(written, false);
  controller.close();
  await piped;
  same(written, true);
});
test('pipeTo: locks while it runs', async () => {
  const source = new ReadableStream(), { stream } = collect();
  source.pipeTo(stream).catch(() => {});
  ok(source.locked && stream.locked);
});
test('pipeTo: refuses', async () => {
  const locked = new ReadableStream();
  locked.getReader();
  await rejects(TypeError, locked.pipeTo(new WritableStream()));
  const writable = new WritableStream();
  writable.getWriter();
  await rejects(TypeError, new ReadableStream().pipeTo(writable));
  await rejects(TypeError, new ReadableStream().pipeTo({}));
  await rejects(TypeError, new ReadableStream().pipeTo());
  await rejects(TypeError, new ReadableStream().pipeTo(new WritableStream(), { signal: {} }));
  await rejects(TypeError, new ReadableStream().pipeTo(new WritableStream(), { signal: null }));
  await rejects(TypeError, new ReadableStream().pipeTo(new WritableStream(), 1));
});
test('pipeTo: preventClose', async () => {
  const { stream, written } = collect();
  await streamOf('a').pipeTo(stream, { preventClose: true });
  alike(written, ['a']);
  ok(!stream.locked);
});
for (const preventAbort of [false, true]) {
  test(`pipeTo: an errored source, preventAbort ${preventAbort}`, async () => {
    const source = new ReadableStream({ start(c) { c.error(error1); } }), { stream, written } = collect();
    await rejectsWith(error1, source.pipeTo(stream, { preventAbort }));
    same(written.includes('aborted'), !preventAbort);
  });
}
for (const preventCancel of [false, true]) {
  test(`pipeTo: an errored destination, preventCancel ${preventCancel}`, async () => {
    const { stream: source, events } = recording();
    const { stream } = collect({ start(c) { c.error(error1); } });
    await rejectsWith(error1, source.pipeTo(stream, { preventCancel }));
    same(events.includes('cancel'), !preventCancel);
  });
}
test('pipeTo: a write that fails cancels the source', async () => {
  const { stream: source, events } = recording({ start(c) { c.enqueue('a'); } });
  await rejectsWith(error1, source.pipeTo(collect({ write() { throw error1; } }).stream));
  same(events.at(-1), error1);
});
test('pipeTo: a closed destination', async () => {
  const { stream } = collect();
  await stream.close();
  const { stream: source, events } = recording();
  await rejects(TypeError, source.pipeTo(stream));
  ok(events.includes('cancel'));
});
test('pipeTo: signal', async () => {
  const abort = new AbortController();
  const { stream: source, events } = recording();
  const { stream, written } = collect();
  const piped = source.pipeTo(stream, { signal: abort.signal });
  await settle();
  abort.abort(error1);
  await rejectsWith(error1, piped);
  alike([events.includes('cancel'), written[0]], [true, 'aborted']);
  ok(!source.locked && !stream.locked);
});
test('pipeTo: a signal that was aborted already', async () => {
  const { stream: source, events } = recording();
  await rejectsWith(error1, source.pipeTo(collect().stream, { signal: AbortSignal.abort(error1), preventAbort: true, preventCancel: true }));
  ok(!events.includes('cancel'));
});
test('pipeTo: respects backpressure', async () => {
  const { stream: source, events } = recording({ pull(c) { c.enqueue('x'); } }, { highWaterMark: 0 });
  source.pipeTo(collect({ write: () => new Promise(() => {}) }).stream);
  await settle();
  same(events.length, 1);
});
test('pipeTo: waits for the last write before it closes', async () => {
  let finish;
  const { stream } = collect({ write: () => new Promise((done) => { finish = done; }) });
  const piped = streamOf('a').pipeTo(stream);
  same(await stateOf(piped), 'pending');
  finish();
  await piped;
});
test('pipeThrough', async () => {
  const double = new TransformStream({ transform(chunk, c) { c.enqueue(chunk * 2); } });
  const through = streamOf(1, 2).pipeThrough(double);
  same(through, double.readable);
  alike(await readAll(through), [2, 4]);
});
test('pipeThrough: refuses', () => {
  const source = new ReadableStream();
  throws(TypeError, () => source.pipeThrough());
  throws(TypeError, () => source.pipeThrough({}));
  throws(TypeError, () => source.pipeThrough({ readable: {}, writable: new WritableStream() }));
  throws(TypeError, () => source.pipeThrough({ readable: new ReadableStream(), writable: {} }));
  throws(TypeError, () => source.pipeThrough(new TransformStream(), { signal: 1 }));
  source.getReader();
  throws(TypeError, () => source.pipeThrough(new TransformStream()));
});
test('pipeThrough: the members of the pair are read in order', () => {
  const read = [];
  new ReadableStream().pipeThrough({ get writable() { read.push('writable'); return new WritableStream(); }, get readable() { read.push('readable'); return new ReadableStream(); } });
  alike(read, ['readable', 'writable']);
});
await run();
