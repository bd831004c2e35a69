// ReadableStream: Streams §4.2.
import { idl, required } from 'internal:web/idl';
import { ByteControl } from 'internal:web/streams/byte_control';
import { DefaultControl, sourceAlgorithms } from 'internal:web/streams/default_control';
import { fromIterable } from 'internal:web/streams/from';
import { newIterator } from 'internal:web/streams/iterator';
import { pipeTo, toPipeOptions } from 'internal:web/streams/pipe';
import {
  callbackMember, enforceRange, handled, highWaterMarkOf, isObject, promising, sizeOf, toDictionary, toStrategy,
} from 'internal:web/streams/promises';
import { ReadableRecord } from 'internal:web/streams/readable_record';
import { newReader } from 'internal:web/streams/readers';
import { teeBytes, teeDefault } from 'internal:web/streams/tee';
import { isWritable, writableRecord } from 'internal:web/streams/writable';

let recordOf, isStream;
/** The record that the next stream takes over. */
let given;

export class ReadableStream {
  /** @type {ReadableRecord} */
  #record;

  constructor(underlyingSource = undefined, strategy = undefined) {
    if (given !== undefined) {
      this.#record = given;
      given = undefined;
      this.#record.object = this;
      return;
    }
    if (underlyingSource !== undefined && !isObject(underlyingSource)) {
      throw new TypeError('the underlying source is not an object');
    }
    strategy = toStrategy(strategy);
    const source = toSource(underlyingSource);
    const record = this.#record = new ReadableRecord();
    record.object = this;
    const algorithms = sourceAlgorithms(underlyingSource, source);
    if (source.type === 'bytes') {
      if (strategy.size !== undefined) throw new RangeError('a stream of bytes takes no size()');
      const highWaterMark = highWaterMarkOf(strategy, 0);
      if (source.autoAllocateChunkSize === 0) throw new TypeError('autoAllocateChunkSize is zero');
      new ByteControl(record, algorithms, highWaterMark, source.autoAllocateChunkSize);
    } else {
      const size = sizeOf(strategy);
      new DefaultControl(record, algorithms, highWaterMarkOf(strategy, 1), size);
    }
  }

  static from(asyncIterable) {
    required(arguments.length, 1);
    return fromIterable(asyncIterable);
  }

  get locked() { return this.#record.locked; }

  cancel(reason = undefined) {
    return promising(() => {
      if (this.#record.locked) throw new TypeError('the stream is locked to a reader');
      return this.#record.cancel(reason);
    });
  }

  getReader(options = undefined) {
    const record = this.#record;
    const mode = toDictionary(options, 'options')?.mode;
    if (mode === undefined) return newReader(record, false);
    if (`${mode}` !== 'byob') throw new TypeError(`mode: '${mode}' is not 'byob'`);
    return newReader(record, true);
  }

  pipeThrough(transform, options = undefined) {
    const record = this.#record;
    required(arguments.length, 1);
    const { readable, writable } = toPair(transform);
    const pipe = toPipeOptions(options);
    if (record.locked) throw new TypeError('the stream is locked to a reader');
    if (writableRecord(writable).locked) throw new TypeError('the writable side is locked to a writer');
    handled(pipeTo(record, writableRecord(writable), pipe));
    return readable;
  }

  pipeTo(destination, options = undefined) {
    const count = arguments.length;
    return promising(() => {
      const record = this.#record;
      required(count, 1);
      const target = writableRecord(destination);
      const pipe = toPipeOptions(options);
      if (record.locked) throw new TypeError('the stream is locked to a reader');
      if (target.locked) throw new TypeError('the destination is locked to a writer');
      return pipeTo(record, target, pipe);
    });
  }

  tee() {
    const record = this.#record;
    return record.control.isBytes ? teeBytes(record) : teeDefault(record);
  }

  values(options = undefined) {
    const record = this.#record;
    const preventCancel = !!toDictionary(options, 'options')?.preventCancel;
    return newIterator(record, preventCancel);
  }

  static {
    recordOf = (stream) => stream.#record;
    isStream = (value) => isObject(value) && #record in value;
  }
}

idl(ReadableStream);
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  value: ReadableStream.prototype.values, writable: true, configurable: true,
});

/** The record of a stream, or a TypeError. */
export function readableRecord(value) {
  if (!isStream(value)) throw new TypeError('not a ReadableStream');
  return recordOf(value);
}

function objectOf(record) {
  given = record;
  return new ReadableStream();
}

/** CreateReadableStream. Returns the record; the stream is its `object`. */
export function createReadable(algorithms, highWaterMark = 1, size = () => 1) {
  const record = new ReadableRecord();
  objectOf(record);
  new DefaultControl(record, algorithms, highWaterMark, size);
  return record;
}

/** CreateReadableByteStream. */
export function createReadableBytes(algorithms) {
  const record = new ReadableRecord();
  objectOf(record);
  new ByteControl(record, algorithms, 0, undefined);
  return record;
}

/** `UnderlyingSource` */
function toSource(source) {
  const size = source?.autoAllocateChunkSize;
  const autoAllocateChunkSize = size === undefined ? undefined : enforceRange(size, 'autoAllocateChunkSize');
  const cancel = callbackMember(source, 'cancel');
  const pull = callbackMember(source, 'pull');
  const start = callbackMember(source, 'start');
  let type = source?.type;
  if (type !== undefined) {
    type = `${type}`;
    if (type !== 'bytes') throw new TypeError(`type: '${type}' is not 'bytes'`);
  }
  return { autoAllocateChunkSize, cancel, pull, start, type };
}

/** `ReadableWritablePair` */
function toPair(value) {
  const pair = toDictionary(value, 'the transform');
  const readable = pair?.readable;
  if (!isStream(readable)) throw new TypeError('readable is not a ReadableStream');
  const writable = pair.writable;
  if (!isWritable(writable)) throw new TypeError('writable is not a WritableStream');
  return { readable, writable };
}
