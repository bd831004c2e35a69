// streams/readable-streams: tee, patched-global.
test('gives an array of two new streams, and locks', () => {
  const stream = new ReadableStream();
  const branches = stream.tee();
  ok(Array.isArray(branches) && branches.length === 2);
  for (const branch of branches) {
    same(Object.getPrototypeOf(branch), ReadableStream.prototype);
    ok(!branch.locked);
  }
  ok(branches[0] !== branches[1] && stream.locked);
  throws(TypeError, () => stream.tee());
});
test('both branches see every chunk', async () => {
  const [one, two] = streamOf('a', 'b').tee();
  alike(await readAll(one), ['a', 'b']);
  alike(await readAll(two), ['a', 'b']);
});
test('chunks are shared, not cloned', async () => {
  const chunk = {};
  const [one, two] = streamOf(chunk).tee();
  same((await one.getReader().read()).value, chunk);
  same((await two.getReader().read()).value, chunk);
});
test('an error goes to both, chunks before it may be lost', async () => {
  const { stream, controller } = recording();
  const [one, two] = stream.tee();
  const a = one.getReader(), b = two.getReader();
  const reads = [a.read(), b.read()];
  controller.enqueue('a');
  for (const read of reads) readResult(await read, 'a', false);
  controller.error(error1);
  await rejectsWith(error1, a.read());
  await rejectsWith(error1, b.read());
  await rejectsWith(error1, a.closed);
});
test('an error right after a chunk comes after it in both', async () => {
  const { stream, controller } = recording();
  const [one, two] = stream.tee();
  const a = one.getReader(), b = two.getReader();
  const reads = [a.read(), b.read()];
  await settle();
  controller.enqueue('a');
  controller.error(error1);
  for (const read of reads) readResult(await read, 'a', false);
  await rejectsWith(error1, a.closed);
  await rejectsWith(error1, b.closed);
});
test('cancelling one leaves the other', async () => {
  const { stream, events } = recording({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close(); } });
  const [one, two] = stream.tee();
  one.cancel();
  alike(await readAll(two), ['a', 'b']);
  ok(!events.includes('cancel'));
});
test('cancelling both cancels the source with both reasons', async () => {
  const { stream, events } = recording();
  const [one, two] = stream.tee();
  const first = one.cancel('r1');
  same(await stateOf(first), 'pending');
  const second = two.cancel('r2');
  await Promise.all([first, second]);
  alike(events.slice(-2), ['cancel', ['r1', 'r2']]);
});
test('cancelling in the other order keeps the order of reasons', async () => {
  const { stream, events } = recording();
  const [one, two] = stream.tee();
  await Promise.all([two.cancel('r2'), one.cancel('r1')]);
  alike(events.slice(-1), [['r1', 'r2']]);
});
test('a failing cancel of the source fails both', async () => {
  const { stream } = recording({ cancel() { throw error1; } });
  const [one, two] = stream.tee();
  const both = [one.cancel(), two.cancel()];
  await rejectsWith(error1, both[0]);
  await rejectsWith(error1, both[1]);
});
test('cancelling one resolves when the source closes or errors', async () => {
  for (const end of ['close', 'error']) {
    const { stream, controller } = recording();
    const [one, two] = stream.tee();
    two.getReader().closed.catch(() => {});
    const cancelled = one.cancel();
    controller[end](error1);
    await settle();
    same(await stateOf(cancelled), 'fulfilled', end);
  }
});
test('closing while both are read', async () => {
  const { stream, controller } = recording();
  const readers = stream.tee().map((branch) => branch.getReader());
  const reads = readers.map((reader) => reader.read());
  controller.close();
  for (const read of reads) readResult(await read, undefined, true);
  for (const reader of readers) await reader.closed;
});
test('pull is only as hungry as the hungrier branch', async () => {
  let pulls = 0;
  const stream = new ReadableStream({ pull(c) { pulls++; c.enqueue(pulls); } }, { highWaterMark: 0 });
  const [one] = stream.tee();
  await settle();
  same(pulls, 1);
  const reader = one.getReader();
  await reader.read(); await reader.read();
  await settle();
  ok(pulls <= 3, `${pulls} pulls`);
});
test('a branch that nobody reads keeps its chunks', async () => {
  const [one, two] = streamOf(1, 2, 3).tee();
  await readAll(one);
  alike(await readAll(two), [1, 2, 3]);
});
test('teeing a branch again', async () => {
  const [one, two] = streamOf('x').tee();
  const [three, four] = one.tee();
  for (const branch of [two, three, four]) alike(await readAll(branch), ['x']);
});
test('errors with the cancelled branch do nothing', async () => {
  const { stream, controller } = recording();
  const [one, two] = stream.tee();
  one.cancel();
  await settle();
  controller.error(error1);
  await one.getReader().closed;
  await rejectsWith(error1, two.getReader().closed);
});

// patched-global
async function patched(object, name, value, body) {
  const old = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  try {
    return await body();
  } finally {
    if (old) Object.defineProperty(object, name, old);
    else delete object[name];
  }
}
const forbidden = () => { throw new Error('touched'); };
test('tee() does not ask the global ReadableStream', () => patched(globalThis, 'ReadableStream', forbidden, () => {
  streamOfSaved('a').tee();
}));
const Saved = ReadableStream;
const streamOfSaved = (chunk) => new Saved({ start(c) { c.enqueue(chunk); c.close(); } });
test('tee() does not look at Object.prototype', async () => {
  const names = ['start', 'type', 'pull', 'cancel', 'highWaterMark', 'size', 'autoAllocateChunkSize', 'mode'];
  for (const name of names) Object.defineProperty(Object.prototype, name, { get: forbidden, configurable: true });
  try {
    const [one] = new Saved(Object.assign(Object.create(null), { type: undefined, start: undefined, pull: undefined, cancel: undefined, autoAllocateChunkSize: undefined }), Object.assign(Object.create(null), { size: undefined, highWaterMark: 1 })).tee();
    ok(one);
  } finally {
    for (const name of names) delete Object.prototype[name];
  }
});
test('tee() and pipeTo() do not call Promise.prototype.then', async () => {
  const stream = streamOfSaved('a'), other = streamOfSaved('b'), sink = new WritableStream();
  const then = Promise.prototype.then;
  let calls = 0;
  Promise.prototype.then = function (...args) { calls++; return Reflect.apply(then, this, args); };
  try {
    stream.tee();
    other.pipeTo(sink);
  } finally {
    Promise.prototype.then = then;
  }
  same(calls, 0);
});
test('iteration uses the original reader', async () => {
  const stream = streamOfSaved('a');
  const saved = Object.getOwnPropertyDescriptors(ReadableStreamDefaultReader.prototype);
  const getReader = ReadableStream.prototype.getReader;
  ReadableStream.prototype.getReader = forbidden;
  for (const name of ['read', 'cancel', 'releaseLock']) ReadableStreamDefaultReader.prototype[name] = forbidden;
  const got = [];
  try {
    for await (const chunk of stream) got.push(chunk);
  } finally {
    Object.defineProperties(ReadableStreamDefaultReader.prototype, saved);
    ReadableStream.prototype.getReader = getReader;
  }
  alike(got, ['a']);
});
test('iteration and reads are not moved by Array.prototype and Promise', async () => {
  const { push, shift } = Array.prototype;
  Array.prototype.push = Array.prototype.shift = forbidden;
  try {
    const reader = streamOfSaved('a').getReader();
    readResult(await reader.read(), 'a', false);
  } finally {
    Array.prototype.push = push;
    Array.prototype.shift = shift;
  }
});
await run();
