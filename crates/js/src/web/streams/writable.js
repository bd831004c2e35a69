// WritableStream and WritableStreamDefaultWriter: Streams §5.2 and §5.3.
import { idl, required } from 'internal:web/idl';
import {
  callbackMember, highWaterMarkOf, isObject, promising, sizeOf, toStrategy,
} from 'internal:web/streams/promises';
import { sinkAlgorithms, WritableControl } from 'internal:web/streams/writable_control';
import { WritableRecord, WriterRecord } from 'internal:web/streams/writable_record';

let recordOf, isStream;
/** The record that the next stream takes over. */
let given;

export class WritableStream {
  /** @type {WritableRecord} */
  #record;

  constructor(underlyingSink = undefined, strategy = undefined) {
    if (given !== undefined) {
      this.#record = given;
      given = undefined;
      this.#record.object = this;
      return;
    }
    if (underlyingSink !== undefined && !isObject(underlyingSink)) throw new TypeError('the underlying sink is not an object');
    strategy = toStrategy(strategy);
    const sink = toSink(underlyingSink);
    if (sink.type !== undefined) throw new RangeError('type is for later versions of the standard');
    const record = this.#record = new WritableRecord();
    record.object = this;
    const size = sizeOf(strategy);
    new WritableControl(record, sinkAlgorithms(underlyingSink, sink), highWaterMarkOf(strategy, 1), size);
  }

  get locked() { return this.#record.locked; }

  abort(reason = undefined) {
    return promising(() => {
      if (this.#record.locked) throw new TypeError('the stream is locked to a writer');
      return this.#record.abort(reason);
    });
  }

  close() {
    return promising(() => {
      if (this.#record.locked) throw new TypeError('the stream is locked to a writer');
      if (this.#record.closing) throw new TypeError('the stream is closing already');
      return this.#record.close();
    });
  }

  getWriter() {
    this.#record;
    return new WritableStreamDefaultWriter(this);
  }

  static {
    recordOf = (stream) => stream.#record;
    isStream = (value) => isObject(value) && #record in value;
  }
}

export const isWritable = (value) => isStream(value);

/** The record of a stream, or a TypeError. */
export function writableRecord(value) {
  if (!isStream(value)) throw new TypeError('not a WritableStream');
  return recordOf(value);
}

/** CreateWritableStream. Returns the record; the stream is its `object`. */
export function createWritable(algorithms, highWaterMark, size) {
  const record = given = new WritableRecord();
  new WritableStream();
  new WritableControl(record, algorithms, highWaterMark, size);
  return record;
}

const released = () => new TypeError('the writer was released');

export class WritableStreamDefaultWriter {
  /** @type {WriterRecord} */
  #record;

  constructor(stream) {
    required(arguments.length, 1);
    this.#record = new WriterRecord(writableRecord(stream));
  }

  get closed() { return promising(() => this.#record.closed.promise); }

  get desiredSize() {
    if (this.#record.stream === undefined) throw released();
    return this.#record.desiredSize();
  }

  get ready() { return promising(() => this.#record.ready.promise); }

  abort(reason = undefined) {
    return promising(() => {
      if (this.#record.stream === undefined) throw released();
      return this.#record.stream.abort(reason);
    });
  }

  close() {
    return promising(() => {
      const { stream } = this.#record;
      if (stream === undefined) throw released();
      if (stream.closing) throw new TypeError('the stream is closing already');
      return stream.close();
    });
  }

  releaseLock() {
    if (this.#record.stream !== undefined) this.#record.release();
  }

  write(chunk = undefined) {
    return promising(() => {
      if (this.#record.stream === undefined) throw released();
      return this.#record.write(chunk);
    });
  }
}

idl(WritableStream);
idl(WritableStreamDefaultWriter);

/** `UnderlyingSink` */
function toSink(sink) {
  const abort = callbackMember(sink, 'abort');
  const close = callbackMember(sink, 'close');
  const start = callbackMember(sink, 'start');
  const type = sink?.type;
  const write = callbackMember(sink, 'write');
  return { abort, close, start, type, write };
}
