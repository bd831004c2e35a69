// ReadableStreamDefaultController (Streams §4.6), and what is behind it (§4.9.4).
import { idl } from 'internal:web/idl';
import { promiseAlgorithm, resolvedWith, SizedQueue, then, apply } from 'internal:web/streams/promises';

export class DefaultControl {
  isBytes = false;
  stream;
  queue = new SizedQueue();
  started = false;
  closeRequested = false;
  pullAgain = false;
  pulling = false;
  size;
  highWaterMark;
  pull;
  cancel;
  /** The controller that scripts see. */
  object = undefined;

  // SetUpReadableStreamDefaultController
  constructor(stream, { start, pull, cancel }, highWaterMark, size) {
    this.stream = stream;
    this.size = size;
    this.highWaterMark = highWaterMark;
    this.pull = pull;
    this.cancel = cancel;
    given = this;
    this.object = new ReadableStreamDefaultController();
    stream.control = this;
    const started = resolvedWith(start(this.object));
    then(started, () => {
      this.started = true;
      this.pullIfNeeded();
    }, (error) => this.error(error));
  }

  // ReadableStreamDefaultControllerCallPullIfNeeded
  pullIfNeeded() {
    if (!this.shouldPull()) return;
    if (this.pulling) {
      this.pullAgain = true;
      return;
    }
    this.pulling = true;
    then(this.pull(this.object), () => {
      this.pulling = false;
      if (this.pullAgain) {
        this.pullAgain = false;
        this.pullIfNeeded();
      }
    }, (error) => this.error(error));
  }

  // ReadableStreamDefaultControllerShouldCallPull
  shouldPull() {
    if (!this.canEnqueue() || !this.started) return false;
    return this.stream.locked && this.stream.waiting > 0 || this.desiredSize() > 0;
  }

  // ReadableStreamDefaultControllerCanCloseOrEnqueue
  canEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  // ReadableStreamDefaultControllerGetDesiredSize
  desiredSize() {
    if (this.stream.state === 'errored') return null;
    return this.stream.state === 'closed' ? 0 : this.highWaterMark - this.queue.total;
  }

  // ReadableStreamDefaultControllerClearAlgorithms
  clear() {
    this.pull = this.cancel = this.size = undefined;
  }

  // ReadableStreamDefaultControllerClose
  close() {
    if (!this.canEnqueue()) return;
    this.closeRequested = true;
    if (this.queue.length === 0) {
      this.clear();
      this.stream.close();
    }
  }

  // ReadableStreamDefaultControllerEnqueue
  enqueue(chunk) {
    if (!this.canEnqueue()) return;
    if (this.stream.locked && this.stream.waiting > 0) {
      this.stream.fulfill(chunk, false);
    } else {
      try {
        const { size } = this;
        const chunkSize = size(chunk);
        this.queue.push(chunk, chunkSize);
      } catch (error) {
        this.error(error);
        throw error;
      }
    }
    this.pullIfNeeded();
  }

  // ReadableStreamDefaultControllerError
  error(error) {
    if (this.stream.state !== 'readable') return;
    this.queue = new SizedQueue();
    this.clear();
    this.stream.error(error);
  }

  // [[CancelSteps]]
  cancelSteps(reason) {
    this.queue = new SizedQueue();
    const result = this.cancel(reason);
    this.clear();
    return result;
  }

  // [[PullSteps]]
  pullSteps(request) {
    if (this.queue.length === 0) {
      this.stream.reader.requests.push(request);
      this.pullIfNeeded();
      return;
    }
    const chunk = this.queue.shift();
    if (this.closeRequested && this.queue.length === 0) {
      this.clear();
      this.stream.close();
    } else {
      this.pullIfNeeded();
    }
    request.chunk(chunk);
  }

  // [[ReleaseSteps]]
  releaseSteps() {}
}

/** The record that the next controller takes over: scripts can make none. */
let given;

export class ReadableStreamDefaultController {
  /** @type {DefaultControl} */
  #control;

  constructor() {
    if (given === undefined) throw new TypeError('Illegal constructor');
    this.#control = given;
    given = undefined;
  }

  get desiredSize() { return this.#control.desiredSize(); }

  close() {
    if (!this.#control.canEnqueue()) throw new TypeError('the stream is closed, closing or errored');
    this.#control.close();
  }

  enqueue(chunk = undefined) {
    if (!this.#control.canEnqueue()) throw new TypeError('the stream is closed, closing or errored');
    this.#control.enqueue(chunk);
  }

  error(error = undefined) { this.#control.error(error); }
}

idl(ReadableStreamDefaultController);

/** The algorithms of an underlying source that the script gave: Streams §4.9.4, "from underlying source". */
export function sourceAlgorithms(source, { start, pull, cancel }) {
  return {
    start: (controller) => (start === undefined ? undefined : apply(start, source, [controller])),
    pull: promiseAlgorithm(pull, source),
    cancel: promiseAlgorithm(cancel, source),
  };
}
