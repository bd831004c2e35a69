// ReadableStreamDefaultController (Streams §4.6), and what is behind it (§4.9.4).
import { idl } from 'internal:web/idl';
import { apply, promiseAlgorithm, SizedQueue } from 'internal:web/streams/promises';
import { PullControl } from 'internal:web/streams/pull_control';

export class DefaultControl extends PullControl {
  isBytes = false;
  queue = new SizedQueue();
  size;

  constructor(stream, algorithms, highWaterMark, size) {
    super(stream, algorithms, highWaterMark);
    this.size = size;
    given = this;
    this.begin(new ReadableStreamDefaultController(), algorithms.start);
  }

  /** How much is in the queue. */
  get queued() { return this.queue.total; }

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
