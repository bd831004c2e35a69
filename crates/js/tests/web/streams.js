// Streams as a whole; `conformance` has the standard's requirements one by one.
ok(Object.getOwnPropertyDescriptor(globalThis, 'ReadableStream').get, 'streams run only when asked for');
const stream = new Blob(['hello']).stream();
ok(!Object.getOwnPropertyDescriptor(globalThis, 'ReadableStream').get, 'a blob asks for them');
ok(stream instanceof ReadableStream);
same(new TextDecoder().decode((await stream.getReader().read()).value), 'hello');

const upper = new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk.toUpperCase()); } });
const written = [];
await ReadableStream.from(['a', 'b']).pipeThrough(upper).pipeTo(new WritableStream({ write(chunk) { written.push(chunk); } }));
alike(written, ['A', 'B']);
