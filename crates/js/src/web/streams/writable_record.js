// What is behind a WritableStream and its writer: Streams §5.5. Scripts see only the objects of `writable.js`.
import { Capability, handled, pending, Queue, rejectedWith, resolvedWith, then } from 'internal:web/streams/promises';

export class WritableRecord {
  /** `writable`, `erroring`, `errored` or `closed`. */
  state = 'writable';
  storedError = undefined;
  /** @type {WriterRecord | undefined} */
  writer = undefined;
  control = undefined;
  /** The WritableStream that scripts see. */
  object = undefined;
  inFlightWrite = undefined;
  inFlightClose = undefined;
  closeRequest = undefined;
  /** `{ capability, reason, wasErroring }` */
  abortRequest = undefined;
  writeRequests = new Queue();
  backpressure = false;

  get locked() { return this.writer !== undefined; }
  // WritableStreamCloseQueuedOrInFlight
  get closing() { return this.closeRequest !== undefined || this.inFlightClose !== undefined; }

  // WritableStreamAbort
  abort(reason) {
    if (this.state === 'closed' || this.state === 'errored') return resolvedWith(undefined);
    this.control.signalAbort(reason);
    // Listeners of the signal may have changed it.
    if (this.state === 'closed' || this.state === 'errored') return resolvedWith(undefined);
    if (this.abortRequest !== undefined) return this.abortRequest.capability.promise;
    const wasErroring = this.state === 'erroring';
    if (wasErroring) reason = undefined;
    const capability = pending();
    this.abortRequest = { capability, reason, wasErroring };
    if (!wasErroring) this.startErroring(reason);
    return capability.promise;
  }

  // WritableStreamClose
  close() {
    if (this.state === 'closed' || this.state === 'errored') {
      return rejectedWith(new TypeError(`the stream is ${this.state}`));
    }
    this.closeRequest = pending();
    const { promise } = this.closeRequest;
    if (this.writer !== undefined && this.backpressure && this.state === 'writable') this.writer.ready.resolve(undefined);
    this.control.close();
    return promise;
  }

  // WritableStreamAddWriteRequest
  addWrite() {
    const request = pending();
    this.writeRequests.push(request);
    return request.promise;
  }

  // WritableStreamDealWithRejection
  dealWithRejection(error) {
    if (this.state === 'writable') this.startErroring(error);
    else this.finishErroring();
  }

  // WritableStreamStartErroring
  startErroring(reason) {
    this.state = 'erroring';
    this.storedError = reason;
    this.writer?.rejectReady(reason);
    const inFlight = this.inFlightWrite !== undefined || this.inFlightClose !== undefined;
    if (!inFlight && this.control.started) this.finishErroring();
  }

  // WritableStreamFinishErroring
  finishErroring() {
    this.state = 'errored';
    this.control.errorSteps();
    const { storedError, writeRequests } = this;
    this.writeRequests = new Queue();
    while (writeRequests.length > 0) writeRequests.shift().reject(storedError);
    const request = this.abortRequest;
    if (request === undefined) {
      this.#rejectClose();
      return;
    }
    this.abortRequest = undefined;
    if (request.wasErroring) {
      request.capability.reject(storedError);
      this.#rejectClose();
      return;
    }
    then(this.control.abortSteps(request.reason), () => {
      request.capability.resolve(undefined);
      this.#rejectClose();
    }, (error) => {
      request.capability.reject(error);
      this.#rejectClose();
    });
  }

  // WritableStreamRejectCloseAndClosedPromiseIfNeeded
  #rejectClose() {
    if (this.closeRequest !== undefined) {
      this.closeRequest.reject(this.storedError);
      this.closeRequest = undefined;
    }
    if (this.writer !== undefined) {
      this.writer.closed.reject(this.storedError);
      handled(this.writer.closed.promise);
    }
  }

  // WritableStreamFinishInFlightWrite
  finishWrite() {
    this.inFlightWrite.resolve(undefined);
    this.inFlightWrite = undefined;
  }

  // WritableStreamFinishInFlightWriteWithError
  failWrite(error) {
    this.inFlightWrite.reject(error);
    this.inFlightWrite = undefined;
    this.dealWithRejection(error);
  }

  // WritableStreamFinishInFlightClose
  finishClose() {
    this.inFlightClose.resolve(undefined);
    this.inFlightClose = undefined;
    if (this.state === 'erroring') {
      this.storedError = undefined;
      if (this.abortRequest !== undefined) {
        this.abortRequest.capability.resolve(undefined);
        this.abortRequest = undefined;
      }
    }
    this.state = 'closed';
    this.writer?.closed.resolve(undefined);
  }

  // WritableStreamFinishInFlightCloseWithError
  failClose(error) {
    this.inFlightClose.reject(error);
    this.inFlightClose = undefined;
    if (this.abortRequest !== undefined) {
      this.abortRequest.capability.reject(error);
      this.abortRequest = undefined;
    }
    this.dealWithRejection(error);
  }

  // WritableStreamUpdateBackpressure
  updateBackpressure(backpressure) {
    const { writer } = this;
    if (writer !== undefined && backpressure !== this.backpressure) {
      if (backpressure) writer.ready = new Capability();
      else writer.ready.resolve(undefined);
    }
    this.backpressure = backpressure;
  }
}

export class WriterRecord {
  /** @type {WritableRecord | undefined} */
  stream;
  ready = new Capability();
  closed = new Capability();

  // SetUpWritableStreamDefaultWriter
  constructor(stream) {
    if (stream.locked) throw new TypeError('the stream is locked to a writer');
    this.stream = stream;
    stream.writer = this;
    const { state, storedError } = stream;
    if (state === 'writable') {
      if (stream.closing || !stream.backpressure) this.ready.resolve(undefined);
    } else if (state === 'erroring') {
      this.rejectReady(storedError);
    } else if (state === 'closed') {
      this.ready.resolve(undefined);
      this.closed.resolve(undefined);
    } else {
      this.rejectReady(storedError);
      this.#rejectClosed(storedError);
    }
  }

  // WritableStreamDefaultWriterEnsureReadyPromiseRejected: a new promise takes the place of one that is settled.
  rejectReady(error) {
    if (!this.ready.isPending) this.ready = new Capability();
    this.ready.reject(error);
    handled(this.ready.promise);
  }

  // WritableStreamDefaultWriterEnsureClosedPromiseRejected
  #rejectClosed(error) {
    if (!this.closed.isPending) this.closed = new Capability();
    this.closed.reject(error);
    handled(this.closed.promise);
  }

  // WritableStreamDefaultWriterGetDesiredSize
  desiredSize() {
    const { state, control } = this.stream;
    if (state === 'errored' || state === 'erroring') return null;
    return state === 'closed' ? 0 : control.desiredSize();
  }

  // WritableStreamDefaultWriterCloseWithErrorPropagation
  closeWithErrorPropagation() {
    const { stream } = this;
    if (stream.closing || stream.state === 'closed') return resolvedWith(undefined);
    if (stream.state === 'errored') return rejectedWith(stream.storedError);
    return stream.close();
  }

  // WritableStreamDefaultWriterRelease
  release() {
    const error = new TypeError('the writer was released');
    this.rejectReady(error);
    this.#rejectClosed(error);
    this.stream.writer = undefined;
    this.stream = undefined;
  }

  // WritableStreamDefaultWriterWrite
  write(chunk) {
    const { stream } = this;
    const size = stream.control.chunkSize(chunk);
    if (stream !== this.stream) return rejectedWith(new TypeError('the writer was released'));
    if (stream.state === 'errored') return rejectedWith(stream.storedError);
    if (stream.closing || stream.state === 'closed') return rejectedWith(new TypeError('the stream is closing or closed'));
    if (stream.state === 'erroring') return rejectedWith(stream.storedError);
    const promise = stream.addWrite();
    stream.control.write(chunk, size);
    return promise;
  }
}
