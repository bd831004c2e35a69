// k6/experimental/streams: the same interfaces that are globals, whatever a script made of those.
// https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/streams/
import { ReadableByteStreamController, ReadableStreamBYOBRequest } from 'internal:web/streams/byte_controller';
import { ReadableStreamDefaultController } from 'internal:web/streams/default_control';
import { ReadableStream } from 'internal:web/streams/readable';
import { ReadableStreamBYOBReader, ReadableStreamDefaultReader } from 'internal:web/streams/readers';
import { ByteLengthQueuingStrategy, CountQueuingStrategy } from 'internal:web/streams/strategies';
import { TransformStream, TransformStreamDefaultController } from 'internal:web/streams/transform';
import { WritableStream, WritableStreamDefaultWriter } from 'internal:web/streams/writable';
import { WritableStreamDefaultController } from 'internal:web/streams/writable_control';

const streams = {
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest, ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream,
  TransformStreamDefaultController, WritableStream, WritableStreamDefaultController, WritableStreamDefaultWriter,
};

export {
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest, ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream,
  TransformStreamDefaultController, WritableStream, WritableStreamDefaultController, WritableStreamDefaultWriter,
};
export default streams;
