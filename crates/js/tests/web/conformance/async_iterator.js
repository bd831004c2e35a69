// streams/readable-streams: async-iterator, from.
const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);
test('shape of the iterator prototype', () => {
  const prototype = Object.getPrototypeOf(new ReadableStream().values());
  same(Object.getPrototypeOf(prototype), AsyncIteratorPrototype);
  alike(Object.getOwnPropertyNames(prototype).sort(), ['next', 'return']);
  members(prototype, [['next', 'method', 0], ['return', 'method', 1]]);
  const tag = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag);
  ok(tag.value === 'ReadableStream AsyncIterator' && tag.configurable && !tag.writable && !tag.enumerable);
  same(Object.getPrototypeOf(new ReadableStream({ type: 'bytes' }).values()), prototype);
  const it = new ReadableStream().values();
  same(it[Symbol.asyncIterator](), it);
});
for (const [kind, make] of [
  ['push', () => streamOf(1, 2, 3)],
  ['pull', () => { let i = 0; return new ReadableStream({ pull(c) { c.enqueue(++i); if (i === 3) c.close(); } }); }],
  ['pull without a queue', () => { let i = 0; return new ReadableStream({ pull(c) { if (i === 3) c.close(); else c.enqueue(++i); } }, { highWaterMark: 0 }); }],
]) {
  test(`for await over a ${kind} source`, async () => {
    const stream = make(), got = [];
    for await (const chunk of stream) got.push(chunk);
    alike(got, [1, 2, 3]);
    ok(!stream.locked, 'the lock is given back');
    await stream.getReader().closed;
  });
}
test('chunks of undefined are no end', async () => {
  const got = [];
  for await (const chunk of streamOf(undefined, 1)) got.push(chunk);
  same(got.length, 2);
});
test('a closed and an errored stream', async () => {
  for await (const chunk of streamOf()) throw new Error(`got ${chunk}`);
  const { stream, controller } = recording();
  controller.error(error1);
  await rejectsWith(error1, (async () => { for await (const chunk of stream) ok(false); })());
  ok(!stream.locked);
});
test('an error in the middle', async () => {
  let calls = 0;
  const stream = new ReadableStream({ pull(c) { if (++calls === 2) throw error1; c.enqueue(calls); } }, { highWaterMark: 0 });
  const got = [];
  await rejectsWith(error1, (async () => { for await (const chunk of stream) got.push(chunk); })());
  alike(got, [1]);
});
for (const preventCancel of [false, true]) {
  for (const exit of ['break', 'throw', 'return']) {
    test(`${exit} with preventCancel ${preventCancel}`, async () => {
      const { stream, events } = recording({ start(c) { c.enqueue(1); c.enqueue(2); } });
      await (async () => {
        for await (const chunk of stream.values({ preventCancel })) {
          if (exit === 'break') break;
          if (exit === 'throw') throw error1;
          return;
        }
      })().catch((error) => same(error, error1));
      same(events.includes('cancel'), !preventCancel);
      ok(!stream.locked);
      if (preventCancel) readResult(await stream.getReader().read(), 2, false);
    });
  }
}
test('return() before next(), with its argument as reason', async () => {
  const { stream, events } = recording();
  const result = await stream.values().return('why');
  readResult(result, 'why', true);
  alike(events.filter((e) => e !== 'pull'), ['cancel', 'why']);
});
test('return() on finished iterators', async () => {
  const it = streamOf().values();
  readResult(await it.next(), undefined, true);
  readResult(await it.return('x'), 'x', true);
  readResult(await it.next(), undefined, true);
});
test('return() rejects when cancel fails', async () => {
  const { stream } = recording({ cancel() { throw error1; } });
  const it = stream.values();
  await rejectsWith(error1, it.return());
  readResult(await it.next(), undefined, true);
});
test('next() after a rejection is done', async () => {
  const { stream, controller } = recording();
  const it = stream.values();
  const results = [it.next(), it.next()];
  controller.error(error1);
  await rejectsWith(error1, results[0]);
  readResult(await results[1], undefined, true);
});
test('next() several times without waiting', async () => {
  const it = streamOf(1, 2).values();
  const results = await Promise.all([it.next(), it.next(), it.next(), it.next()]);
  alike(results, [{ value: 1, done: false }, { value: 2, done: false }, { done: true }, { done: true }]);
});
test('next() then return() without waiting', async () => {
  const { stream, events } = recording({ start(c) { c.enqueue('a'); } });
  const it = stream.values();
  const [one, two, three] = await Promise.all([it.next(), it.return('r'), it.next()]);
  readResult(one, 'a', false);
  readResult(two, 'r', true);
  readResult(three, undefined, true);
  alike(events.filter((e) => e !== 'pull'), ['cancel', 'r']);
});
test('return() twice without waiting', async () => {
  const { stream, events } = recording();
  const it = stream.values();
  const [one, two] = await Promise.all([it.return('a'), it.return('b')]);
  readResult(one, 'a', true);
  readResult(two, 'b', true);
  same(events.filter((e) => e === 'cancel').length, 1);
});
test('a locked stream has no iterator', () => {
  const stream = new ReadableStream();
  stream.getReader();
  throws(TypeError, () => stream.values());
  throws(TypeError, () => stream[Symbol.asyncIterator]());
  throws(TypeError, () => new ReadableStream().values(1), 'options');
});
test('values() locks, next on a wrong receiver rejects', async () => {
  const stream = new ReadableStream();
  const it = stream.values();
  ok(stream.locked);
  await rejects(TypeError, it.next.call({}));
  await rejects(TypeError, it.return.call({}));
  await rejects(TypeError, it.next.call(undefined));
});
test('options are read once', () => {
  let reads = 0;
  new ReadableStream().values({ get preventCancel() { reads++; } });
  same(reads, 1);
  throwsWith(error1, () => new ReadableStream().values({ get preventCancel() { throw error1; } }));
});
test('microtasks: a chunk in the queue takes no more turns than it needs', async () => {
  const it = streamOf('a').values();
  let got;
  it.next().then((result) => { got = result; });
  for (let i = 0; i < 4; i++) await undefined;
  ok(got !== undefined);
});

// ReadableStream.from
for (const [what, make] of [
  ['an array', () => ['a', 'b']],
  ['an array of promises', () => [Promise.resolve('a'), Promise.resolve('b')]],
  ['an array iterator', () => ['a', 'b'][Symbol.iterator]()],
  ['a string', () => 'ab'],
  ['a Set', () => new Set(['a', 'b'])],
  ['a sync generator', () => (function* () { yield 'a'; yield 'b'; })()],
  ['an async generator', () => (async function* () { yield 'a'; yield 'b'; })()],
  ['a sync iterable of values', () => ({ [Symbol.iterator]: () => { const list = ['a', 'b']; return { next: () => ({ done: list.length === 0, value: list.shift() }) }; } })],
  ['an async iterable', () => ({ [Symbol.asyncIterator]: () => { const list = ['a', 'b']; return { next: async () => ({ done: list.length === 0, value: list.shift() }) }; } })],
  ['a ReadableStream', () => streamOf('a', 'b')],
  ['an async iterator of a ReadableStream', () => streamOf('a', 'b')[Symbol.asyncIterator]()],
]) {
  test(`from ${what}`, async () => {
    const stream = ReadableStream.from(make());
    same(Object.getPrototypeOf(stream), ReadableStream.prototype);
    alike(await readAll(stream), ['a', 'b']);
  });
}
test('from: what is not iterable', () => {
  for (const bad of [undefined, null, 0, NaN, true, {}, Symbol(), () => {}, { [Symbol.iterator]: 1 }, { [Symbol.asyncIterator]: {} }, { [Symbol.iterator]: () => 1 }, { [Symbol.asyncIterator]: () => undefined }]) {
    throws(TypeError, () => ReadableStream.from(bad));
  }
  throws(TypeError, () => ReadableStream.from());
  throwsWith(error1, () => ReadableStream.from({ get [Symbol.asyncIterator]() { throw error1; } }));
  throwsWith(error1, () => ReadableStream.from({ [Symbol.iterator]() { throw error1; } }));
});
test('from: asyncIterator comes before iterator, null falls back', async () => {
  alike(await readAll(ReadableStream.from({ [Symbol.asyncIterator]: null, *[Symbol.iterator]() { yield 1; } })), [1]);
  alike(await readAll(ReadableStream.from({ async *[Symbol.asyncIterator]() { yield 2; }, [Symbol.iterator]() { throw error1; } })), [2]);
});
test('from: nothing is pulled before it is read', async () => {
  let pulls = 0;
  const stream = ReadableStream.from({ [Symbol.asyncIterator]: () => ({ next: async () => { pulls++; return { done: false, value: pulls }; } }) });
  await settle();
  same(pulls, 0);
  const reader = stream.getReader();
  readResult(await reader.read(), 1, false);
  await settle();
  same(pulls, 1);
});
test('from: next is looked up once', async () => {
  let looks = 0;
  const it = { get next() { looks++; return async () => ({ done: looks > 5, value: 1 }); } };
  const reader = ReadableStream.from({ [Symbol.asyncIterator]: () => it }).getReader();
  await reader.read(); await reader.read();
  same(looks, 1);
});
test('from: next throws, rejects, gives no object', async () => {
  const from = (next) => ReadableStream.from({ [Symbol.asyncIterator]: () => ({ next }) }).getReader().read();
  await rejectsWith(error1, from(() => { throw error1; }));
  await rejectsWith(error1, from(() => Promise.reject(error1)));
  await rejects(TypeError, from(() => 1));
  await rejects(TypeError, from(async () => 1));
  const sync = (next) => ReadableStream.from({ [Symbol.iterator]: () => ({ next }) }).getReader().read();
  await rejectsWith(error1, sync(() => { throw error1; }));
  await rejects(TypeError, sync(() => 1));
  await rejectsWith(error1, sync(() => ({ done: false, value: Promise.reject(error1) })));
});
test('from: a stream that never ends', async () => {
  same(await stateOf(ReadableStream.from({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }).getReader().read()), 'pending');
});
test('from: cancel calls return with the reason and waits for it', async () => {
  const calls = [];
  const make = (extras) => ReadableStream.from({ [Symbol.asyncIterator]: () => Object.assign(Object.create(extras), { next: () => new Promise(() => {}) }) });
  same(await make({ async return(reason) { calls.push(reason, arguments.length); return {}; } }).cancel('why'), undefined);
  alike(calls, ['why', 1]);
  same(await make({}).cancel(), undefined);
  await rejects(TypeError, make({ return: 1 }).cancel());
  await rejects(TypeError, make({ async return() { return 1; } }).cancel());
  await rejectsWith(error1, make({ return() { throw error1; } }).cancel());
  await rejectsWith(error1, make({ return: async () => { throw error1; } }).cancel());
  await rejectsWith(error1, make({ get return() { throw error1; } }).cancel());
});
test('from: return is not called at the end, nor for an error', async () => {
  let calls = 0;
  const make = (next) => ReadableStream.from({ [Symbol.asyncIterator]: () => ({ next, async return() { calls++; return {}; } }) });
  await readAll(make(async () => ({ done: true })));
  await rejectsWith(error1, readAll(make(async () => { throw error1; })));
  same(calls, 0);
});
test('from: leaving a loop cancels', async () => {
  let returned = 0;
  const stream = ReadableStream.from((async function* () { try { yield 1; yield 2; } finally { returned++; } })());
  for await (const chunk of stream) break;
  same(returned, 1);
});
test('from: an array that grows while it is read', async () => {
  const array = ['a'];
  const reader = ReadableStream.from(array).getReader();
  readResult(await reader.read(), 'a', false);
  array.push('b');
  readResult(await reader.read(), 'b', false);
  readResult(await reader.read(), undefined, true);
});
await run();
