// streams/readable-streams: bad-underlying-sources, bad-strategies, count and byte length strategies.
test('start: a getter or a call that throws', () => {
  throwsWith(error1, () => new ReadableStream({ get start() { throw error1; } }));
  throwsWith(error1, () => new ReadableStream({ start() { throw error1; } }));
});
test('start: a rejection errors the stream', async () => {
  const stream = new ReadableStream({ start: () => Promise.reject(error1) });
  await rejectsWith(error1, stream.getReader().closed);
});
test('pull: a getter that throws', () => throwsWith(error1, () => new ReadableStream({ get pull() { throw error1; } })));
test('pull: a throw errors the stream, pending and later reads', async () => {
  const stream = new ReadableStream({ pull() { throw error1; } });
  const reader = stream.getReader();
  await rejectsWith(error1, reader.read());
  await rejectsWith(error1, reader.closed);
  await rejectsWith(error1, reader.read());
});
test('pull: an exception after the first chunk', async () => {
  let calls = 0;
  const stream = new ReadableStream({ pull(c) { if (++calls === 2) throw error1; c.enqueue('a'); } });
  const reader = stream.getReader();
  readResult(await reader.read(), 'a', false);
  await rejectsWith(error1, reader.closed);
});
test('pull: a rejection', async () => {
  const stream = new ReadableStream({ pull: () => Promise.reject(error1) });
  await rejectsWith(error1, stream.getReader().read());
});
test('pull: errors the stream itself, then throws: the first counts', async () => {
  const stream = new ReadableStream({ pull(c) { c.error(error1); throw error2; } });
  await rejectsWith(error1, stream.getReader().closed);
});
test('pull: closes, then throws: closed', async () => {
  await new ReadableStream({ pull(c) { c.close(); throw error1; } }).getReader().closed;
});
test('pull: a thenable is waited for', async () => {
  let calls = 0;
  const { stream } = recording({ pull() { calls++; return { then(done) { done(); } }; } });
  await settle();
  same(calls, 1);
  stream.getReader().read();
  await settle();
  same(calls, 2);
});
test('cancel: a getter, a throw, a rejection', async () => {
  throwsWith(error1, () => new ReadableStream({ get cancel() { throw error1; } }));
  await rejectsWith(error1, new ReadableStream({ cancel() { throw error1; } }).cancel());
  await rejectsWith(error1, new ReadableStream({ cancel: () => Promise.reject(error1) }).cancel());
});
test('cancel: what it returns is not seen', async () => {
  same(await new ReadableStream({ cancel: () => Promise.resolve('x') }).cancel(), undefined);
  same(await new ReadableStream({ cancel: () => 'x' }).cancel(), undefined);
});
test('enqueue and close in cancel', async () => {
  const { stream, controller } = recording({ cancel() { throws(TypeError, () => controller.enqueue('a')); throws(TypeError, () => controller.close()); } });
  await stream.cancel();
});
test('enqueue after cancel', async () => {
  const { stream, controller } = recording();
  stream.cancel();
  throws(TypeError, () => controller.enqueue('a'));
  throws(TypeError, () => controller.close());
  controller.error(error1);
});

for (const bad of [-1, -Infinity, NaN, 'foo', {}, -0.1]) {
  test(`strategy: highWaterMark ${String(bad)}`, () => throws(RangeError, () => new ReadableStream({}, { highWaterMark: bad })));
}
test('strategy: highWaterMark is converted', () => {
  for (const [given, size] of [['5', 5], [true, 1], [null, 0], [Infinity, Infinity], [{ valueOf: () => 3 }, 3], [[], 0]]) {
    same(recording({}, { highWaterMark: given }).controller.desiredSize, size, String(given));
  }
  throws(TypeError, () => new ReadableStream({}, { highWaterMark: Symbol() }));
  throws(TypeError, () => new ReadableStream({}, { highWaterMark: 1n }));
});
test('strategy: getters that throw', () => {
  throwsWith(error1, () => new ReadableStream({}, { get size() { throw error1; } }));
  throwsWith(error1, () => new ReadableStream({}, { get highWaterMark() { throw error1; } }));
});
test('strategy: a size that is no function', () => {
  for (const size of [null, 1, 'x', {}]) throws(TypeError, () => new ReadableStream({}, { size }), String(size));
});
test('strategy: primitives are no strategy', () => {
  for (const bad of [1, 'x', true, Symbol()]) throws(TypeError, () => new ReadableStream({}, bad));
});
test('strategy: a size that throws errors the stream and enqueue throws', async () => {
  const { stream, controller } = recording({}, { size() { throw error1; }, highWaterMark: 5 });
  throwsWith(error1, () => controller.enqueue('a'));
  await rejectsWith(error1, stream.getReader().closed);
});
test('strategy: start may throw by it', () => {
  throwsWith(error1, () => new ReadableStream({ start(c) { c.enqueue('a'); } }, { size() { throw error1; } }));
});
for (const bad of [NaN, -Infinity, Infinity, -1, 'nope', {}, undefined]) {
  test(`strategy: size() gives ${String(bad)}`, async () => {
    const { stream, controller } = recording({}, { size: () => bad, highWaterMark: 5 });
    const error = throws(RangeError, () => controller.enqueue('a'));
    await rejectsWith(error, stream.getReader().closed);
  });
}
test('strategy: size() is converted to a number', () => {
  const { controller } = recording({}, { size: () => '2', highWaterMark: 5 });
  controller.enqueue('a');
  same(controller.desiredSize, 3);
});
test('strategy: size() gets the chunk, no this, and is not called for a waiting read', async () => {
  const calls = [];
  const { stream, controller } = recording({}, { size(...args) { calls.push([this, ...args]); return 1; } });
  controller.enqueue('a');
  same(calls.length, 1);
  same(calls[0][0], undefined);
  same(calls[0][1], 'a');
  const reader = stream.getReader();
  await reader.read();
  const next = reader.read();
  controller.enqueue('b');
  same(calls.length, 1);
  readResult(await next, 'b', false);
});
test('strategy: sizes are subtracted as chunks are read', async () => {
  const { stream, controller } = recording({}, { size: (chunk) => chunk, highWaterMark: 10 });
  controller.enqueue(3);
  controller.enqueue(4);
  same(controller.desiredSize, 3);
  const reader = stream.getReader();
  await reader.read();
  same(controller.desiredSize, 6);
});
test('strategy: sums of fractions never go below zero', async () => {
  const { stream, controller } = recording({}, { size: (chunk) => chunk, highWaterMark: 0 });
  const reader = stream.getReader();
  controller.enqueue(2); controller.enqueue(Number.MAX_SAFE_INTEGER);
  await reader.read(); await reader.read();
  ok(controller.desiredSize <= 0 && !Object.is(controller.desiredSize, NaN));
});

for (const Class of [CountQueuingStrategy, ByteLengthQueuingStrategy]) {
  const { name } = Class;
  test(`${name}: interface`, () => {
    idlShape(name, 1, { highWaterMark: 'readonly', size: 'readonly' });
    throws(TypeError, () => new Class());
    throws(TypeError, () => new Class(1));
    throws(TypeError, () => new Class(null), 'highWaterMark is required');
    throws(TypeError, () => new Class({}));
    throwsWith(error1, () => new Class({ get highWaterMark() { throw error1; } }));
  });
  test(`${name}: any number is taken, and refused by the stream`, () => {
    for (const [given, kept] of [[5, 5], ['4', 4], [-1, -1], [NaN, NaN], [null, 0], [{}, NaN]]) {
      same(new Class({ highWaterMark: given }).highWaterMark, kept);
    }
    throws(RangeError, () => new ReadableStream({}, new Class({ highWaterMark: -1 })));
  });
  test(`${name}: size is one function for all, no constructor`, () => {
    const { size } = new Class({ highWaterMark: 1 });
    same(size, new Class({ highWaterMark: 2 }).size);
    same(size.name, 'size');
    same(size.length, Class === CountQueuingStrategy ? 0 : 1);
    ok(!('prototype' in size));
    throws(TypeError, () => new size());
  });
  test(`${name}: subclasses`, () => {
    class Sub extends Class { size() { return 7; } }
    const sub = new Sub({ highWaterMark: 77 });
    same(sub.highWaterMark, 77);
    same(sub.size(), 7);
  });
}
test('CountQueuingStrategy counts', () => {
  const { controller } = recording({}, new CountQueuingStrategy({ highWaterMark: 4 }));
  for (const chunk of ['a', undefined, 3]) controller.enqueue(chunk);
  same(controller.desiredSize, 1);
  same(new CountQueuingStrategy({ highWaterMark: 1 }).size(), 1);
});
test('ByteLengthQueuingStrategy adds byte lengths', () => {
  const { controller } = recording({}, new ByteLengthQueuingStrategy({ highWaterMark: 10 }));
  controller.enqueue(new Uint8Array(4));
  controller.enqueue({ byteLength: 3 });
  same(controller.desiredSize, 3);
  const { size } = new ByteLengthQueuingStrategy({ highWaterMark: 1 });
  same(size({}), undefined);
  throws(TypeError, () => size(undefined));
  throwsWith(error1, () => size({ get byteLength() { throw error1; } }));
});

// streams/readable-streams: reentrant-strategies
test('size() may enqueue', async () => {
  let controller, calls = 0;
  const stream = new ReadableStream({ start(c) { controller = c; } }, {
    size() { if (++calls < 3) controller.enqueue('inner'); return 1; }, highWaterMark: 10,
  });
  controller.enqueue('outer');
  controller.close();
  alike(await readAll(stream), ['inner', 'inner', 'outer']);
});
test('size() may close', async () => {
  const { stream, controller } = (() => {
    let controller;
    const stream = new ReadableStream({ start(c) { controller = c; } }, { size() { controller.close(); return 1; } });
    return { stream, controller };
  })();
  controller.enqueue('a');
  await stream.getReader().closed;
});
test('size() may error', async () => {
  let controller;
  const stream = new ReadableStream({ start(c) { controller = c; } }, { size() { controller.error(error1); return 1; } });
  controller.enqueue('a');
  await rejectsWith(error1, stream.getReader().read());
});
test('size() may error and give an invalid size', async () => {
  let controller;
  const stream = new ReadableStream({ start(c) { controller = c; } }, { size() { controller.error(error1); return -1; } });
  throws(RangeError, () => controller.enqueue('a'));
  await rejectsWith(error1, stream.getReader().read());
});
test('size() may read', async () => {
  let controller, reader, read;
  const stream = new ReadableStream({ start(c) { controller = c; } }, { size() { read ??= reader.read(); return 1; } });
  reader = stream.getReader();
  controller.enqueue('a');
  controller.enqueue('b');
  const result = await read;
  same(result.done, false);
});
test('size() may cancel', async () => {
  let controller, cancelled;
  const stream = new ReadableStream({ start(c) { controller = c; } }, { size() { cancelled = stream.cancel('why'); return 1; } });
  controller.enqueue('a');
  await cancelled;
  await stream.getReader().closed;
});
test('size() may pipe and tee', async () => {
  let controller, branches;
  const stream = new ReadableStream({ start(c) { controller = c; } }, { size() { branches ??= stream.tee(); return 1; } });
  controller.enqueue('a');
  controller.close();
  alike(await readAll(branches[0]), ['a']);
  alike(await readAll(branches[1]), ['a']);
});
await run();
