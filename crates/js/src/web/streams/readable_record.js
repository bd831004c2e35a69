// What is behind a ReadableStream and its readers: Streams §4.9. Scripts never see these objects, only those in `readable.js`
// and `readers.js` that hold them.
import { handled, pending, Queue, rejectedWith, resolvedWith, then, noop } from 'internal:web/streams/promises';

export class ReadableRecord {
  /** `readable`, `closed` or `errored`. */
  state = 'readable';
  /** @type {ReaderRecord | undefined} */
  reader = undefined;
  storedError = undefined;
  disturbed = false;
  /** A `DefaultControl` or a `ByteControl`. */
  control = undefined;
  /** The ReadableStream that scripts see. */
  object = undefined;

  get locked() { return this.reader !== undefined; }
  get hasDefaultReader() { return this.reader !== undefined && !this.reader.byob; }
  get hasByobReader() { return this.reader !== undefined && this.reader.byob; }
  // ReadableStreamGetNumReadRequests, ReadableStreamGetNumReadIntoRequests
  get waiting() { return this.reader.requests.length; }

  // ReadableStreamCancel
  cancel(reason) {
    this.disturbed = true;
    if (this.state === 'closed') return resolvedWith(undefined);
    if (this.state === 'errored') return rejectedWith(this.storedError);
    this.close();
    if (this.hasByobReader) {
      const requests = this.reader.takeRequests();
      while (requests.length > 0) requests.shift().close(undefined);
    }
    return then(this.control.cancelSteps(reason), noop);
  }

  // ReadableStreamClose
  close() {
    this.state = 'closed';
    const { reader } = this;
    if (reader === undefined) return;
    reader.closed.resolve(undefined);
    if (!reader.byob) {
      const requests = reader.takeRequests();
      while (requests.length > 0) requests.shift().close();
    }
  }

  // ReadableStreamError
  error(error) {
    this.state = 'errored';
    this.storedError = error;
    const { reader } = this;
    if (reader === undefined) return;
    reader.closed.reject(error);
    handled(reader.closed.promise);
    reader.errorRequests(error);
  }

  // ReadableStreamFulfillReadRequest, ReadableStreamFulfillReadIntoRequest
  fulfill(chunk, done) {
    const request = this.reader.requests.shift();
    if (done) request.close(chunk);
    else request.chunk(chunk);
  }
}

export class ReaderRecord {
  byob;
  /** @type {ReadableRecord | undefined} */
  stream = undefined;
  /** The capability of the `closed` promise. */
  closed = undefined;
  /** Read requests: `{ chunk(chunk), close(chunk), error(error) }`. */
  requests = new Queue();

  // SetUpReadableStreamDefaultReader, SetUpReadableStreamBYOBReader
  constructor(stream, byob) {
    this.byob = byob;
    if (stream.locked) throw new TypeError('the stream is locked to a reader');
    if (byob && !stream.control.isBytes) throw new TypeError('the stream is not one of bytes');
    this.stream = stream;
    stream.reader = this;
    this.closed = pending();
    if (stream.state === 'closed') this.closed.resolve(undefined);
    else if (stream.state === 'errored') {
      this.closed.reject(stream.storedError);
      handled(this.closed.promise);
    }
  }

  takeRequests() {
    const { requests } = this;
    this.requests = new Queue();
    return requests;
  }

  // ReadableStreamDefaultReaderErrorReadRequests, ReadableStreamBYOBReaderErrorReadIntoRequests
  errorRequests(error) {
    const requests = this.takeRequests();
    while (requests.length > 0) requests.shift().error(error);
  }

  // ReadableStreamReaderGenericCancel
  cancel(reason) {
    return this.stream.cancel(reason);
  }

  // ReadableStreamReaderGenericRelease
  #detach() {
    const { stream } = this;
    const error = new TypeError('the reader was released');
    if (stream.state !== 'readable') this.closed = pending();
    this.closed.reject(error);
    handled(this.closed.promise);
    stream.control.releaseSteps();
    stream.reader = undefined;
    this.stream = undefined;
  }

  // ReadableStreamDefaultReaderRelease, ReadableStreamBYOBReaderRelease
  release() {
    this.#detach();
    this.errorRequests(new TypeError('the reader was released'));
  }

  // ReadableStreamDefaultReaderRead
  read(request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'closed') request.close(undefined);
    else if (stream.state === 'errored') request.error(stream.storedError);
    else stream.control.pullSteps(request);
  }

  // ReadableStreamBYOBReaderRead
  readInto(view, min, request) {
    const { stream } = this;
    stream.disturbed = true;
    if (stream.state === 'errored') request.error(stream.storedError);
    else stream.control.pullInto(view, min, request);
  }
}
