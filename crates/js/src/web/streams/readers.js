// ReadableStreamDefaultReader and ReadableStreamBYOBReader: Streams §4.3 to §4.5.
import { idl, required } from 'internal:web/idl';
import { toView } from 'internal:web/streams/buffers';
import { enforceRange, pending, promising, rejectedWith, toDictionary } from 'internal:web/streams/promises';
import { readableRecord } from 'internal:web/streams/readable';
import { ReaderRecord } from 'internal:web/streams/readable_record';

const released = () => new TypeError('the reader was released');

/** The record that the next constructor takes over. */
let given;
function take(stream, byob) {
  if (given !== undefined) {
    const record = given;
    given = undefined;
    return record;
  }
  return new ReaderRecord(readableRecord(stream), byob);
}

/** A reader that scripts see, of a stream's record. */
export function newReader(stream, byob) {
  given = new ReaderRecord(stream, byob);
  return byob ? new ReadableStreamBYOBReader(undefined) : new ReadableStreamDefaultReader(undefined);
}

/** A request that settles a promise with what `read()` gives. */
function readRequest() {
  const { promise, resolve, reject } = pending();
  return {
    promise,
    chunk: (value) => resolve({ value, done: false }),
    close: (value) => resolve({ value, done: true }),
    error: reject,
  };
}

const cancel = (record, reason) => (record.stream === undefined ? rejectedWith(released()) : record.cancel(reason));
const release = (record) => { if (record.stream !== undefined) record.release(); };

export class ReadableStreamDefaultReader {
  /** @type {ReaderRecord} */
  #record;

  constructor(stream) {
    required(arguments.length, 1);
    this.#record = take(stream, false);
  }

  get closed() { return promising(() => this.#record.closed.promise); }

  cancel(reason = undefined) { return promising(() => cancel(this.#record, reason)); }

  read() {
    return promising(() => {
      if (this.#record.stream === undefined) throw released();
      const request = readRequest();
      this.#record.read(request);
      return request.promise;
    });
  }

  releaseLock() { release(this.#record); }
}

export class ReadableStreamBYOBReader {
  /** @type {ReaderRecord} */
  #record;

  constructor(stream) {
    required(arguments.length, 1);
    this.#record = take(stream, true);
  }

  get closed() { return promising(() => this.#record.closed.promise); }

  cancel(reason = undefined) { return promising(() => cancel(this.#record, reason)); }

  read(view, options = undefined) {
    const count = arguments.length;
    return promising(() => {
      const record = this.#record;
      required(count, 1);
      view = toView(view);
      const asked = toDictionary(options, 'options')?.min;
      const min = asked === undefined ? 1 : enforceRange(asked, 'min');
      if (view.byteLength === 0) throw new TypeError('the view is empty, or its buffer detached');
      if (min === 0) throw new TypeError('min is zero');
      if (min > view.length) throw new RangeError('min is more than the view can hold');
      if (record.stream === undefined) throw released();
      const request = readRequest();
      record.readInto(view, min, request);
      return request.promise;
    });
  }

  releaseLock() { release(this.#record); }
}

idl(ReadableStreamDefaultReader);
idl(ReadableStreamBYOBReader);
