// The asynchronous iterator of a ReadableStream: Streams §4.2.5, Web IDL §3.7.10.
import { idl } from 'internal:web/idl';
import { pending, promising, resolvedWith, then } from 'internal:web/streams/promises';
import { ReaderRecord } from 'internal:web/streams/readable_record';

/** What `next` of the stream resolves with at its end. */
const END = {};

class Steps {
  reader;
  preventCancel;
  ongoing = null;
  finished = false;

  constructor(reader, preventCancel) {
    this.reader = reader;
    this.preventCancel = preventCancel;
  }

  // Streams §4.2.5 "get the next iteration result"
  #read() {
    const { reader } = this;
    const { promise, resolve, reject } = pending();
    reader.read({
      chunk: resolve,
      close() {
        reader.release();
        resolve(END);
      },
      error(error) {
        reader.release();
        reject(error);
      },
    });
    return promise;
  }

  // Web IDL §3.7.10.2, `next`
  #nextSteps() {
    if (this.finished) return resolvedWith({ value: undefined, done: true });
    return then(this.#read(), (value) => {
      this.ongoing = null;
      if (value !== END) return { value, done: false };
      this.finished = true;
      return { value: undefined, done: true };
    }, (error) => {
      this.ongoing = null;
      this.finished = true;
      throw error;
    });
  }

  next() {
    const steps = () => this.#nextSteps();
    this.ongoing = this.ongoing === null ? steps() : then(this.ongoing, steps, steps);
    return this.ongoing;
  }

  // Web IDL §3.7.10.2, `return`; Streams §4.2.5 "asynchronous iterator return"
  #returnSteps(value) {
    if (this.finished) return resolvedWith({ value, done: true });
    this.finished = true;
    const { reader } = this;
    const cancelled = this.preventCancel ? resolvedWith(undefined) : reader.cancel(value);
    reader.release();
    return cancelled;
  }

  return(value) {
    const steps = () => this.#returnSteps(value);
    this.ongoing = this.ongoing === null ? steps() : then(this.ongoing, steps, steps);
    return then(this.ongoing, () => ({ value, done: true }));
  }
}

let given;

class ReadableStreamAsyncIterator {
  /** @type {Steps} */
  #steps;

  constructor() {
    this.#steps = given;
    given = undefined;
  }

  next() { return promising(() => this.#steps.next()); }
  return(value) { return promising(() => this.#steps.return(value)); }
}
delete ReadableStreamAsyncIterator.prototype.constructor;
idl(ReadableStreamAsyncIterator, 'ReadableStream AsyncIterator');
const asyncGenerator = Object.getPrototypeOf(async function* () {}).prototype;
Object.setPrototypeOf(ReadableStreamAsyncIterator.prototype, Object.getPrototypeOf(asyncGenerator));

/** `values()` of a stream's record. */
export function newIterator(stream, preventCancel) {
  given = new Steps(new ReaderRecord(stream, false), preventCancel);
  return new ReadableStreamAsyncIterator();
}
