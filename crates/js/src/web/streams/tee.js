// ReadableStream.prototype.tee: Streams §4.9.1, ReadableStreamDefaultTee and ReadableByteStreamTee.
import { cloneView, toView } from 'internal:web/streams/buffers';
import { noop, pending, resolvedWith, soon, then } from 'internal:web/streams/promises';
import { createReadable, createReadableBytes } from 'internal:web/streams/readable';
import { ReaderRecord } from 'internal:web/streams/readable_record';

/** What both kinds share: two branches, cancelled each on its own, the source when both are. */
class Tee {
  stream;
  reading = false;
  cancelled1 = false;
  cancelled2 = false;
  reason1 = undefined;
  reason2 = undefined;
  branch1 = undefined;
  branch2 = undefined;
  cancelled = pending();

  constructor(stream) {
    this.stream = stream;
  }

  get bothLive() { return !this.cancelled1 && !this.cancelled2; }

  cancel1(reason) {
    this.cancelled1 = true;
    this.reason1 = reason;
    if (this.cancelled2) this.#cancelSource();
    return this.cancelled.promise;
  }

  cancel2(reason) {
    this.cancelled2 = true;
    this.reason2 = reason;
    if (this.cancelled1) this.#cancelSource();
    return this.cancelled.promise;
  }

  #cancelSource() {
    this.cancelled.resolve(this.stream.cancel([this.reason1, this.reason2]));
  }

  /** The source ended: a branch that is still read never cancels it. */
  settle() {
    if (!this.cancelled1 || !this.cancelled2) this.cancelled.resolve(undefined);
  }

  error(error) {
    this.branch1.control.error(error);
    this.branch2.control.error(error);
    this.settle();
  }

  objects() { return [this.branch1.object, this.branch2.object]; }
}

export function teeDefault(stream) {
  const reader = new ReaderRecord(stream, false);
  const tee = new Tee(stream);
  let readAgain = false;
  const pull = () => {
    if (tee.reading) {
      readAgain = true;
      return resolvedWith(undefined);
    }
    tee.reading = true;
    reader.read({
      // In a microtask, so that an error of the source is seen before the chunks that it came with.
      chunk: (chunk) => soon(() => {
        readAgain = false;
        if (!tee.cancelled1) tee.branch1.control.enqueue(chunk);
        if (!tee.cancelled2) tee.branch2.control.enqueue(chunk);
        tee.reading = false;
        if (readAgain) pull();
      }),
      close() {
        tee.reading = false;
        if (!tee.cancelled1) tee.branch1.control.close();
        if (!tee.cancelled2) tee.branch2.control.close();
        tee.settle();
      },
      error() { tee.reading = false; },
    });
    return resolvedWith(undefined);
  };
  tee.branch1 = createReadable({ start: noop, pull, cancel: (reason) => tee.cancel1(reason) });
  tee.branch2 = createReadable({ start: noop, pull, cancel: (reason) => tee.cancel2(reason) });
  then(reader.closed.promise, undefined, (error) => tee.error(error));
  return tee.objects();
}

export function teeBytes(stream) {
  const tee = new Tee(stream);
  let reader = new ReaderRecord(stream, false);
  let readAgain1 = false, readAgain2 = false;

  const forwardErrors = () => {
    const current = reader;
    then(current.closed.promise, undefined, (error) => { if (current === reader) tee.error(error); });
  };
  const useReader = (byob) => {
    if (reader.byob === byob) return;
    reader.release();
    reader = new ReaderRecord(stream, byob);
    forwardErrors();
  };
  /** A copy for the other branch, or undefined once it could not be had and all is errored. */
  const copy = (chunk) => {
    try {
      return cloneView(chunk);
    } catch (error) {
      tee.branch1.control.error(error);
      tee.branch2.control.error(error);
      tee.cancelled.resolve(stream.cancel(error));
      return undefined;
    }
  };
  const afterChunk = () => {
    tee.reading = false;
    if (readAgain1) pull1();
    else if (readAgain2) pull2();
  };

  const pullWithDefaultReader = () => {
    useReader(false);
    reader.read({
      chunk: (chunk) => soon(() => {
        readAgain1 = readAgain2 = false;
        const chunk1 = chunk;
        let chunk2 = chunk;
        if (tee.bothLive) {
          chunk2 = copy(chunk);
          if (chunk2 === undefined) return;
        }
        if (!tee.cancelled1) tee.branch1.control.enqueue(toView(chunk1));
        if (!tee.cancelled2) tee.branch2.control.enqueue(toView(chunk2));
        afterChunk();
      }),
      close() {
        tee.reading = false;
        if (!tee.cancelled1) tee.branch1.control.close();
        if (!tee.cancelled2) tee.branch2.control.close();
        if (tee.branch1.control.pullIntos.length > 0) tee.branch1.control.respond(0);
        if (tee.branch2.control.pullIntos.length > 0) tee.branch2.control.respond(0);
        tee.settle();
      },
      error() { tee.reading = false; },
    });
  };

  const pullWithByobReader = (view, forBranch2) => {
    useReader(true);
    const byob = () => (forBranch2 ? tee.branch2 : tee.branch1);
    const other = () => (forBranch2 ? tee.branch1 : tee.branch2);
    const byobCancelled = () => (forBranch2 ? tee.cancelled2 : tee.cancelled1);
    const otherCancelled = () => (forBranch2 ? tee.cancelled1 : tee.cancelled2);
    reader.readInto(toView(view), 1, {
      chunk: (chunk) => soon(() => {
        readAgain1 = readAgain2 = false;
        const byobGone = byobCancelled(), otherGone = otherCancelled();
        if (!otherGone) {
          const clone = copy(chunk);
          if (clone === undefined) return;
          if (!byobGone) byob().control.respondWithNewView(toView(chunk));
          other().control.enqueue(toView(clone));
        } else if (!byobGone) {
          byob().control.respondWithNewView(toView(chunk));
        }
        afterChunk();
      }),
      close(chunk) {
        tee.reading = false;
        const byobGone = byobCancelled(), otherGone = otherCancelled();
        if (!byobGone) byob().control.close();
        if (!otherGone) other().control.close();
        if (chunk !== undefined) {
          if (!byobGone) byob().control.respondWithNewView(toView(chunk));
          if (!otherGone && other().control.pullIntos.length > 0) other().control.respond(0);
        }
        if (!byobGone || !otherGone) tee.cancelled.resolve(undefined);
      },
      error() { tee.reading = false; },
    });
  };

  const pull1 = () => {
    if (tee.reading) {
      readAgain1 = true;
      return resolvedWith(undefined);
    }
    tee.reading = true;
    const request = tee.branch1.control.request();
    if (request === null) pullWithDefaultReader();
    else pullWithByobReader(request.view, false);
    return resolvedWith(undefined);
  };
  const pull2 = () => {
    if (tee.reading) {
      readAgain2 = true;
      return resolvedWith(undefined);
    }
    tee.reading = true;
    const request = tee.branch2.control.request();
    if (request === null) pullWithDefaultReader();
    else pullWithByobReader(request.view, true);
    return resolvedWith(undefined);
  };
  tee.branch1 = createReadableBytes({ start: noop, pull: pull1, cancel: (reason) => tee.cancel1(reason) });
  tee.branch2 = createReadableBytes({ start: noop, pull: pull2, cancel: (reason) => tee.cancel2(reason) });
  forwardErrors();
  return tee.objects();
}
