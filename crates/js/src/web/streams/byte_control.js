// What is behind a ReadableByteStreamController: Streams §4.9.5. The controller itself is in `byte_controller.js`.
import { bufferLength, bytesAt, cloneBuffer, copyBytes, isDetached, newBuffer, transfer } from 'internal:web/streams/buffers';
import { newByobRequest, newByteController } from 'internal:web/streams/byte_controller';
import { Queue } from 'internal:web/streams/promises';
import { PullControl } from 'internal:web/streams/pull_control';

/**
 * A pull-into descriptor.
 * @typedef {{ buffer: ArrayBuffer, bufferByteLength: number, byteOffset: number, byteLength: number, bytesFilled: number,
 *   minimumFill: number, elementSize: number, Class: Function, reader: 'default' | 'byob' | 'none' }} PullInto
 */

export class ByteControl extends PullControl {
  isBytes = true;
  /** Of `{ buffer, byteOffset, byteLength }`. */
  queue = new Queue();
  total = 0;
  autoAllocate;
  /** @type {Queue} of PullInto */
  pullIntos = new Queue();
  /** The record `{ control, view, object }` of the current ReadableStreamBYOBRequest. */
  byobRequest = null;

  constructor(stream, algorithms, highWaterMark, autoAllocate) {
    super(stream, algorithms, highWaterMark);
    this.autoAllocate = autoAllocate;
    this.begin(newByteController(this), algorithms.start);
  }

  /** How much is in the queue. */
  get queued() { return this.total; }

  // ReadableByteStreamControllerClearAlgorithms
  #clear() {
    this.pull = this.cancel = undefined;
  }

  // ReadableByteStreamControllerClearPendingPullIntos
  #clearPullIntos() {
    this.#invalidateRequest();
    this.pullIntos = new Queue();
  }

  // ReadableByteStreamControllerInvalidateBYOBRequest
  #invalidateRequest() {
    const request = this.byobRequest;
    if (request === null) return;
    request.control = undefined;
    request.view = null;
    this.byobRequest = null;
  }

  // ReadableByteStreamControllerGetBYOBRequest
  request() {
    if (this.byobRequest === null && this.pullIntos.length > 0) {
      const first = this.pullIntos.peek();
      const view = bytesAt(first.buffer, first.byteOffset + first.bytesFilled, first.byteLength - first.bytesFilled);
      this.byobRequest = { control: this, view, object: undefined };
      this.byobRequest.object = newByobRequest(this.byobRequest);
    }
    return this.byobRequest;
  }

  // ResetQueue
  #reset() {
    this.queue = new Queue();
    this.total = 0;
  }

  // ReadableByteStreamControllerClose
  close() {
    if (!this.canEnqueue()) return;
    if (this.total > 0) {
      this.closeRequested = true;
      return;
    }
    if (this.pullIntos.length > 0) {
      const first = this.pullIntos.peek();
      if (first.bytesFilled % first.elementSize !== 0) {
        const error = new TypeError('closed with part of an element read');
        this.error(error);
        throw error;
      }
    }
    this.#clear();
    this.stream.close();
  }

  // ReadableByteStreamControllerError
  error(error) {
    if (this.stream.state !== 'readable') return;
    this.#clearPullIntos();
    this.#reset();
    this.#clear();
    this.stream.error(error);
  }

  // ReadableByteStreamControllerEnqueue, of a view as `toView` describes it
  enqueue({ buffer, byteOffset, byteLength }) {
    const { stream } = this;
    if (!this.canEnqueue()) return;
    if (isDetached(buffer)) throw new TypeError('the buffer of the chunk is detached');
    const moved = transfer(buffer);
    if (this.pullIntos.length > 0) {
      const first = this.pullIntos.peek();
      if (isDetached(first.buffer)) throw new TypeError('the buffer of the BYOB request is detached');
      this.#invalidateRequest();
      first.buffer = transfer(first.buffer);
      if (first.reader === 'none') this.#enqueueDetached(first);
    }
    if (stream.hasDefaultReader) {
      // ReadableByteStreamControllerProcessReadRequestsUsingQueue
      while (stream.waiting > 0 && this.total > 0) this.#fillReadRequest(stream.reader.requests.shift());
      if (stream.waiting === 0) {
        this.#push(moved, byteOffset, byteLength);
      } else {
        if (this.pullIntos.length > 0) this.pullIntos.shift();
        stream.fulfill(bytesAt(moved, byteOffset, byteLength), false);
      }
    } else if (stream.hasByobReader) {
      this.#push(moved, byteOffset, byteLength);
      this.#commitAll(this.#fillFromQueue());
    } else {
      this.#push(moved, byteOffset, byteLength);
    }
    this.pullIfNeeded();
  }

  // ReadableByteStreamControllerEnqueueChunkToQueue
  #push(buffer, byteOffset, byteLength) {
    this.queue.push({ buffer, byteOffset, byteLength });
    this.total += byteLength;
  }

  // ReadableByteStreamControllerEnqueueClonedChunkToQueue
  #pushClone(buffer, byteOffset, byteLength) {
    let clone;
    try {
      clone = cloneBuffer(buffer, byteOffset, byteLength);
    } catch (error) {
      this.error(error);
      throw error;
    }
    this.#push(clone, 0, byteLength);
  }

  // ReadableByteStreamControllerEnqueueDetachedPullIntoToQueue
  #enqueueDetached(first) {
    if (first.bytesFilled > 0) this.#pushClone(first.buffer, first.byteOffset, first.bytesFilled);
    this.#shiftPullInto();
  }

  // ReadableByteStreamControllerShiftPendingPullInto
  #shiftPullInto() {
    return this.pullIntos.shift();
  }

  // ReadableByteStreamControllerFillPullIntoDescriptorFromQueue
  #fill(into) {
    const most = Math.min(this.total, into.byteLength - into.bytesFilled);
    let left = most;
    let ready = false;
    const filled = into.bytesFilled + most;
    const aligned = filled - filled % into.elementSize;
    if (aligned >= into.minimumFill) {
      left = aligned - into.bytesFilled;
      ready = true;
    }
    while (left > 0) {
      const head = this.queue.peek();
      const length = Math.min(left, head.byteLength);
      copyBytes(into.buffer, into.byteOffset + into.bytesFilled, head.buffer, head.byteOffset, length);
      if (head.byteLength === length) {
        this.queue.shift();
      } else {
        head.byteOffset += length;
        head.byteLength -= length;
      }
      this.total -= length;
      into.bytesFilled += length;
      left -= length;
    }
    return ready;
  }

  // ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue
  #fillFromQueue() {
    const filled = new Queue();
    while (this.pullIntos.length > 0 && this.total > 0) {
      const first = this.pullIntos.peek();
      if (this.#fill(first)) {
        this.#shiftPullInto();
        filled.push(first);
      }
    }
    return filled;
  }

  // ReadableByteStreamControllerFillReadRequestFromQueue
  #fillReadRequest(request) {
    const { buffer, byteOffset, byteLength } = this.queue.shift();
    this.total -= byteLength;
    this.#drained();
    request.chunk(bytesAt(buffer, byteOffset, byteLength));
  }

  // ReadableByteStreamControllerHandleQueueDrain
  #drained() {
    if (this.total === 0 && this.closeRequested) {
      this.#clear();
      this.stream.close();
    } else {
      this.pullIfNeeded();
    }
  }

  // ReadableByteStreamControllerConvertPullIntoDescriptor
  #convert({ buffer, byteOffset, bytesFilled, elementSize, Class }) {
    return new Class(transfer(buffer), byteOffset, bytesFilled / elementSize);
  }

  // ReadableByteStreamControllerCommitPullIntoDescriptor
  #commit(into) {
    this.stream.fulfill(this.#convert(into), this.stream.state === 'closed');
  }

  #commitAll(filled) {
    while (filled.length > 0) this.#commit(filled.shift());
  }

  // ReadableByteStreamControllerPullInto, of a view as `toView` describes it
  pullInto({ buffer, byteOffset, byteLength, elementSize, Class }, min, request) {
    const { stream } = this;
    let moved;
    try {
      moved = transfer(buffer);
    } catch (error) {
      request.error(error);
      return;
    }
    /** @type {PullInto} */
    const into = {
      buffer: moved, bufferByteLength: bufferLength(moved), byteOffset, byteLength, bytesFilled: 0,
      minimumFill: min * elementSize, elementSize, Class, reader: 'byob',
    };
    if (this.pullIntos.length > 0) {
      this.pullIntos.push(into);
      stream.reader.requests.push(request);
      return;
    }
    if (stream.state === 'closed') {
      request.close(new Class(moved, byteOffset, 0));
      return;
    }
    if (this.total > 0) {
      if (this.#fill(into)) {
        const view = this.#convert(into);
        this.#drained();
        request.chunk(view);
        return;
      }
      if (this.closeRequested) {
        const error = new TypeError('closed with part of an element read');
        this.error(error);
        request.error(error);
        return;
      }
    }
    this.pullIntos.push(into);
    stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  // ReadableByteStreamControllerRespond
  respond(written) {
    const first = this.pullIntos.peek();
    if (this.stream.state === 'closed') {
      if (written !== 0) throw new TypeError('the stream is closed: bytesWritten must be zero');
    } else {
      if (written === 0) throw new TypeError('bytesWritten is zero');
      if (first.bytesFilled + written > first.byteLength) throw new RangeError('bytesWritten is more than the view can hold');
    }
    first.buffer = transfer(first.buffer);
    this.#respond(first, written);
  }

  // ReadableByteStreamControllerRespondWithNewView, of a view as `toView` describes it
  respondWithNewView({ buffer, byteOffset, byteLength }) {
    const first = this.pullIntos.peek();
    if (this.stream.state === 'closed') {
      if (byteLength !== 0) throw new TypeError('the stream is closed: the view must be empty');
    } else if (byteLength === 0) {
      throw new TypeError('the view is empty');
    }
    if (first.byteOffset + first.bytesFilled !== byteOffset) throw new RangeError('the view starts elsewhere');
    if (first.bufferByteLength !== bufferLength(buffer)) throw new RangeError('the buffer has another length');
    if (first.bytesFilled + byteLength > first.byteLength) throw new RangeError('the view is longer than the one asked for');
    first.buffer = transfer(buffer);
    this.#respond(first, byteLength);
  }

  // ReadableByteStreamControllerRespondInternal
  #respond(first, written) {
    this.#invalidateRequest();
    if (this.stream.state === 'closed') this.#respondClosed(first);
    else this.#respondReadable(first, written);
    this.pullIfNeeded();
  }

  // ReadableByteStreamControllerRespondInClosedState
  #respondClosed(first) {
    if (first.reader === 'none') this.#shiftPullInto();
    if (!this.stream.hasByobReader) return;
    const filled = new Queue();
    while (filled.length < this.stream.waiting) filled.push(this.#shiftPullInto());
    this.#commitAll(filled);
  }

  // ReadableByteStreamControllerRespondInReadableState
  #respondReadable(first, written) {
    first.bytesFilled += written;
    if (first.reader === 'none') {
      this.#enqueueDetached(first);
      this.#commitAll(this.#fillFromQueue());
      return;
    }
    if (first.bytesFilled < first.minimumFill) return;
    this.#shiftPullInto();
    const rest = first.bytesFilled % first.elementSize;
    if (rest > 0) {
      this.#pushClone(first.buffer, first.byteOffset + first.bytesFilled - rest, rest);
      first.bytesFilled -= rest;
    }
    const filled = this.#fillFromQueue();
    this.#commit(first);
    this.#commitAll(filled);
  }

  // [[CancelSteps]]
  cancelSteps(reason) {
    this.#clearPullIntos();
    this.#reset();
    const result = this.cancel(reason);
    this.#clear();
    return result;
  }

  // [[PullSteps]]
  pullSteps(request) {
    if (this.total > 0) {
      this.#fillReadRequest(request);
      return;
    }
    const size = this.autoAllocate;
    if (size !== undefined) {
      let buffer;
      try {
        buffer = newBuffer(size);
      } catch (error) {
        request.error(error);
        return;
      }
      this.pullIntos.push({
        buffer, bufferByteLength: size, byteOffset: 0, byteLength: size, bytesFilled: 0,
        minimumFill: 1, elementSize: 1, Class: Uint8Array, reader: 'default',
      });
    }
    this.stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  // [[ReleaseSteps]]
  releaseSteps() {
    if (this.pullIntos.length === 0) return;
    const first = this.pullIntos.peek();
    first.reader = 'none';
    this.pullIntos = new Queue();
    this.pullIntos.push(first);
  }
}
