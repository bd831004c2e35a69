// WritableStreamDefaultController (Streams §5.4), and what is behind it (§5.5.4).
import { idl } from 'internal:web/idl';
import { apply, promiseAlgorithm, resolvedWith, SizedQueue, then } from 'internal:web/streams/promises';

const Controller = AbortController;
const { get: signalOf } = Object.getOwnPropertyDescriptor(Controller.prototype, 'signal');
const { abort } = Controller.prototype;

/** In the queue after the last chunk. */
const CLOSE = {};

export class WritableControl {
  stream;
  queue = new SizedQueue();
  started = false;
  size;
  highWaterMark;
  algorithms;
  aborter = new Controller();

  // SetUpWritableStreamDefaultController. `algorithms`: start(controller), write(chunk, controller), close(), abort(reason)
  constructor(stream, algorithms, highWaterMark, size) {
    this.stream = stream;
    this.size = size;
    this.highWaterMark = highWaterMark;
    this.algorithms = algorithms;
    stream.control = this;
    given = this;
    const object = new WritableStreamDefaultController();
    this.object = object;
    stream.updateBackpressure(this.#backpressure());
    then(resolvedWith(algorithms.start(object)), () => {
      this.started = true;
      this.advance();
    }, (error) => {
      this.started = true;
      stream.dealWithRejection(error);
    });
  }

  object = undefined;

  // WritableStreamDefaultControllerGetDesiredSize
  desiredSize() { return this.highWaterMark - this.queue.total; }

  // WritableStreamDefaultControllerGetBackpressure
  #backpressure() { return this.desiredSize() <= 0; }

  // WritableStreamDefaultControllerClearAlgorithms
  #clear() {
    this.algorithms = this.size = undefined;
  }

  get signal() { return apply(signalOf, this.aborter, []); }
  signalAbort(reason) { apply(abort, this.aborter, [reason]); }

  // [[AbortSteps]]
  abortSteps(reason) {
    const result = this.algorithms.abort(reason);
    this.#clear();
    return result;
  }

  // [[ErrorSteps]]
  errorSteps() { this.queue = new SizedQueue(); }

  // WritableStreamDefaultControllerClose
  close() {
    this.queue.push(CLOSE, 0);
    this.advance();
  }

  // WritableStreamDefaultControllerGetChunkSize
  chunkSize(chunk) {
    const { size } = this;
    if (size === undefined) return 1;
    try {
      return size(chunk);
    } catch (error) {
      this.errorIfNeeded(error);
      return 1;
    }
  }

  // WritableStreamDefaultControllerWrite
  write(chunk, size) {
    try {
      this.queue.push({ chunk }, size);
    } catch (error) {
      this.errorIfNeeded(error);
      return;
    }
    const { stream } = this;
    if (!stream.closing && stream.state === 'writable') stream.updateBackpressure(this.#backpressure());
    this.advance();
  }

  // WritableStreamDefaultControllerErrorIfNeeded, WritableStreamDefaultControllerError
  errorIfNeeded(error) {
    if (this.stream.state !== 'writable') return;
    this.#clear();
    this.stream.startErroring(error);
  }

  // WritableStreamDefaultControllerAdvanceQueueIfNeeded
  advance() {
    const { stream } = this;
    if (!this.started || stream.inFlightWrite !== undefined) return;
    if (stream.state === 'erroring') {
      stream.finishErroring();
      return;
    }
    if (this.queue.length === 0) return;
    const value = this.queue.peek();
    if (value === CLOSE) this.#processClose();
    else this.#processWrite(value.chunk);
  }

  // WritableStreamDefaultControllerProcessClose
  #processClose() {
    const { stream } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = undefined;
    this.queue.shift();
    const closed = this.algorithms.close();
    this.#clear();
    then(closed, () => stream.finishClose(), (error) => stream.failClose(error));
  }

  // WritableStreamDefaultControllerProcessWrite
  #processWrite(chunk) {
    const { stream } = this;
    stream.inFlightWrite = stream.writeRequests.shift();
    then(this.algorithms.write(chunk, this.object), () => {
      stream.finishWrite();
      this.queue.shift();
      if (!stream.closing && stream.state === 'writable') stream.updateBackpressure(this.#backpressure());
      this.advance();
    }, (error) => {
      if (stream.state === 'writable') this.#clear();
      stream.failWrite(error);
    });
  }
}

/** The record that the next controller takes over: scripts can make none. */
let given;

export class WritableStreamDefaultController {
  /** @type {WritableControl} */
  #control;

  constructor() {
    if (given === undefined) throw new TypeError('Illegal constructor');
    this.#control = given;
    given = undefined;
  }

  get signal() { return this.#control.signal; }

  error(error = undefined) { this.#control.errorIfNeeded(error); }
}

idl(WritableStreamDefaultController);

/** The algorithms of an underlying sink that the script gave. */
export function sinkAlgorithms(sink, { start, write, close, abort }) {
  return {
    start: (controller) => (start === undefined ? undefined : apply(start, sink, [controller])),
    write: promiseAlgorithm(write, sink),
    close: promiseAlgorithm(close, sink),
    abort: promiseAlgorithm(abort, sink),
  };
}
