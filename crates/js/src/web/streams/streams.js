// The way in: puts the interfaces on the global object, and gives the natives what they ask of streams. Runs when a script
// first looks for one of the globals (`lazy.rs`).
import { expose, native } from 'internal:web/idl';
import { toView } from 'internal:web/streams/buffers';
import { ReadableByteStreamController, ReadableStreamBYOBRequest } from 'internal:web/streams/byte_controller';
import { ReadableStreamDefaultController } from 'internal:web/streams/default_control';
import { noop, promising, resolvedWith } from 'internal:web/streams/promises';
import { createReadableBytes, ReadableStream } from 'internal:web/streams/readable';
import { ReadableStreamBYOBReader, ReadableStreamDefaultReader } from 'internal:web/streams/readers';
import { ByteLengthQueuingStrategy, CountQueuingStrategy } from 'internal:web/streams/strategies';
import { TransformStream, TransformStreamDefaultController } from 'internal:web/streams/transform';
import { WritableStreamDefaultController } from 'internal:web/streams/writable_control';
import { WritableStream, WritableStreamDefaultWriter } from 'internal:web/streams/writable';

for (const Class of [
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest, ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream,
  TransformStreamDefaultController, WritableStream, WritableStreamDefaultController, WritableStreamDefaultWriter,
]) {
  expose(Class.name, Class);
}

const { blobChunk } = native;

/** `Blob.prototype.stream()`: File API §3, "get stream". */
native.blobStream = (blob) => {
  let at = 0;
  const stream = createReadableBytes({
    start: noop,
    pull: () => promising(() => {
      const { control } = stream;
      const chunk = blobChunk(blob, at);
      if (chunk !== undefined) {
        const view = toView(chunk);
        at += view.byteLength;
        control.enqueue(view);
      } else {
        control.close();
        if (control.pullIntos.length > 0) control.respond(0);
      }
      return resolvedWith(undefined);
    }),
    cancel: () => resolvedWith(undefined),
  });
  return stream.object;
};
