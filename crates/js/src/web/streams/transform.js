// TransformStream and TransformStreamDefaultController: Streams §6.
import { idl } from 'internal:web/idl';
import {
  apply, callbackMember, highWaterMarkOf, isObject, pending, promiseAlgorithm, promising, rejectedWith, resolvedWith, sizeOf, then, toStrategy,
} from 'internal:web/streams/promises';
import { createReadable } from 'internal:web/streams/readable';
import { createWritable } from 'internal:web/streams/writable';

/** What is behind both: Streams §6.4. */
class TransformRecord {
  /** Records of the two sides. */
  readable;
  writable;
  backpressure = undefined;
  /** The capability of "backpressure changes". */
  change = undefined;
  /** `{ transform, flush, cancel }`, until none is needed any more. */
  algorithms;
  /** The capability of the end, once it began. */
  finish = undefined;

  // InitializeTransformStream
  constructor(algorithms, started, writableHighWaterMark, writableSize, readableHighWaterMark, readableSize) {
    this.algorithms = algorithms;
    this.writable = createWritable({
      start: () => started,
      write: (chunk) => this.#write(chunk),
      close: () => this.#close(),
      abort: (reason) => this.#abort(reason),
    }, writableHighWaterMark, writableSize);
    this.readable = createReadable({
      start: () => started,
      pull: () => this.#pull(),
      cancel: (reason) => this.#cancel(reason),
    }, readableHighWaterMark, readableSize);
    this.#setBackpressure(true);
  }

  // TransformStreamSetBackpressure
  #setBackpressure(backpressure) {
    this.change?.resolve(undefined);
    this.change = pending();
    this.backpressure = backpressure;
  }

  // TransformStreamError
  error(error) {
    this.readable.control.error(error);
    this.#errorWritable(error);
  }

  // TransformStreamErrorWritableAndUnblockWrite
  #errorWritable(error) {
    this.algorithms = undefined;
    this.writable.control.errorIfNeeded(error);
    this.#unblockWrite();
  }

  // TransformStreamUnblockWrite
  #unblockWrite() {
    if (this.backpressure) this.#setBackpressure(false);
  }

  // TransformStreamDefaultControllerEnqueue
  enqueue(chunk) {
    const { control } = this.readable;
    if (!control.canEnqueue()) throw new TypeError('the readable side is closed, closing or errored');
    try {
      control.enqueue(chunk);
    } catch (error) {
      this.#errorWritable(error);
      throw this.readable.storedError;
    }
    // ReadableStreamDefaultControllerHasBackpressure
    const backpressure = !control.shouldPull();
    if (backpressure !== this.backpressure) this.#setBackpressure(true);
  }

  // TransformStreamDefaultControllerTerminate
  terminate() {
    this.readable.control.close();
    this.#errorWritable(new TypeError('the transform was terminated'));
  }

  // TransformStreamDefaultControllerPerformTransform
  #perform(chunk) {
    return then(this.algorithms.transform(chunk), undefined, (error) => {
      this.error(error);
      throw error;
    });
  }

  // TransformStreamDefaultSinkWriteAlgorithm
  #write(chunk) {
    if (!this.backpressure) return this.#perform(chunk);
    return then(this.change.promise, () => {
      if (this.writable.state === 'erroring') throw this.writable.storedError;
      return this.#perform(chunk);
    });
  }

  /** Runs one of the last algorithms; `done` and `failed` then settle the end. */
  #end(result, done, failed) {
    this.algorithms = undefined;
    then(result, done, (error) => {
      failed(error);
      this.finish.reject(error);
    });
    return this.finish.promise;
  }

  // TransformStreamDefaultSinkAbortAlgorithm
  #abort(reason) {
    if (this.finish !== undefined) return this.finish.promise;
    const { readable } = this;
    this.finish = pending();
    return this.#end(this.algorithms.cancel(reason), () => {
      if (readable.state === 'errored') {
        this.finish.reject(readable.storedError);
      } else {
        readable.control.error(reason);
        this.finish.resolve(undefined);
      }
    }, (error) => readable.control.error(error));
  }

  // TransformStreamDefaultSinkCloseAlgorithm
  #close() {
    if (this.finish !== undefined) return this.finish.promise;
    const { readable } = this;
    this.finish = pending();
    return this.#end(this.algorithms.flush(), () => {
      if (readable.state === 'errored') {
        this.finish.reject(readable.storedError);
      } else {
        readable.control.close();
        this.finish.resolve(undefined);
      }
    }, (error) => readable.control.error(error));
  }

  // TransformStreamDefaultSourceCancelAlgorithm
  #cancel(reason) {
    if (this.finish !== undefined) return this.finish.promise;
    const { writable } = this;
    this.finish = pending();
    return this.#end(this.algorithms.cancel(reason), () => {
      if (writable.state === 'errored') {
        this.finish.reject(writable.storedError);
      } else {
        writable.control.errorIfNeeded(reason);
        this.#unblockWrite();
        this.finish.resolve(undefined);
      }
    }, (error) => {
      writable.control.errorIfNeeded(error);
      this.#unblockWrite();
    });
  }

  // TransformStreamDefaultSourcePullAlgorithm
  #pull() {
    this.#setBackpressure(false);
    return this.change.promise;
  }
}

/** Streams §9.3.1 "set up" a transform stream: the record of one whose algorithms are ours. */
export function createTransform({ transform, flush }) {
  return new TransformRecord({
    cancel: () => resolvedWith(undefined),
    flush: () => promising(flush),
    transform: (chunk) => promising(() => transform(chunk)),
  }, resolvedWith(undefined), 1, one, 0, one);
}

/** The size of every chunk. */
const one = () => 1;

/** The record that the next controller takes over: scripts can make none. */
let given;

export class TransformStreamDefaultController {
  /** @type {TransformRecord} */
  #record;

  constructor() {
    if (given === undefined) throw new TypeError('Illegal constructor');
    this.#record = given;
    given = undefined;
  }

  get desiredSize() { return this.#record.readable.control.desiredSize(); }

  enqueue(chunk = undefined) { this.#record.enqueue(chunk); }
  error(error = undefined) { this.#record.error(error); }
  terminate() { this.#record.terminate(); }
}

export class TransformStream {
  /** @type {TransformRecord} */
  #record;

  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    if (transformer !== undefined && !isObject(transformer)) throw new TypeError('the transformer is not an object');
    writableStrategy = toStrategy(writableStrategy);
    readableStrategy = toStrategy(readableStrategy);
    const { cancel, flush, readableType, start, transform, writableType } = toTransformer(transformer);
    if (readableType !== undefined) throw new RangeError('readableType is for later versions of the standard');
    if (writableType !== undefined) throw new RangeError('writableType is for later versions of the standard');
    const readableHighWaterMark = highWaterMarkOf(readableStrategy, 0);
    const readableSize = sizeOf(readableStrategy);
    const writableHighWaterMark = highWaterMarkOf(writableStrategy, 1);
    const writableSize = sizeOf(writableStrategy);
    const started = pending();
    let controller;
    const run = { cancel: promiseAlgorithm(cancel, transformer), flush: promiseAlgorithm(flush, transformer) };
    const change = promiseAlgorithm(transform, transformer);
    const record = this.#record = new TransformRecord({
      cancel: (reason) => run.cancel(reason),
      flush: () => run.flush(controller),
      transform: transform === undefined ? identity : (chunk) => change(chunk, controller),
    }, started.promise, writableHighWaterMark, writableSize, readableHighWaterMark, readableSize);
    function identity(chunk) {
      try {
        record.enqueue(chunk);
        return resolvedWith(undefined);
      } catch (error) {
        return rejectedWith(error);
      }
    }
    given = record;
    controller = new TransformStreamDefaultController();
    started.resolve(start === undefined ? undefined : apply(start, transformer, [controller]));
  }

  get readable() { return this.#record.readable.object; }
  get writable() { return this.#record.writable.object; }
}

idl(TransformStream);
idl(TransformStreamDefaultController);

/** `Transformer` */
function toTransformer(transformer) {
  const cancel = callbackMember(transformer, 'cancel');
  const flush = callbackMember(transformer, 'flush');
  const readableType = transformer?.readableType;
  const start = callbackMember(transformer, 'start');
  const transform = callbackMember(transformer, 'transform');
  const writableType = transformer?.writableType;
  return { cancel, flush, readableType, start, transform, writableType };
}
