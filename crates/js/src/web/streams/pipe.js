// ReadableStreamPipeTo: Streams §4.9.1.
import {
  apply, handled, noop, pending, resolvedWith, then, toDictionary, waitForAll,
} from 'internal:web/streams/promises';
import { ReaderRecord } from 'internal:web/streams/readable_record';
import { WriterRecord } from 'internal:web/streams/writable_record';

const { addEventListener, removeEventListener } = EventTarget.prototype;
const { get: isAborted } = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted');
const { get: reasonOf } = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'reason');

/** `StreamPipeOptions` */
export function toPipeOptions(value) {
  const options = toDictionary(value, 'options');
  const preventAbort = !!options?.preventAbort;
  const preventCancel = !!options?.preventCancel;
  const preventClose = !!options?.preventClose;
  const signal = options?.signal;
  // The accessor throws for what is no AbortSignal.
  if (signal !== undefined) apply(isAborted, signal, []);
  return { preventAbort, preventCancel, preventClose, signal };
}

/** Of two records, neither locked. */
export function pipeTo(source, dest, { preventAbort, preventCancel, preventClose, signal }) {
  const reader = new ReaderRecord(source, false);
  const writer = new WriterRecord(dest);
  source.disturbed = true;
  let shuttingDown = false;
  let lastWrite = resolvedWith(undefined);
  const { promise, resolve, reject } = pending();

  const finalize = (isError, error) => {
    writer.release();
    reader.release();
    if (signal !== undefined) apply(removeEventListener, signal, ['abort', onAbort]);
    if (isError) reject(error);
    else resolve(undefined);
  };
  const writesFinished = () => {
    const last = lastWrite;
    return then(last, () => (last === lastWrite ? undefined : writesFinished()));
  };
  /** "Shutdown with an action", without one for a plain shutdown. */
  const shutdown = (action, isError, error) => {
    if (shuttingDown) return;
    shuttingDown = true;
    const rest = () => {
      if (action === undefined) finalize(isError, error);
      else then(action(), () => finalize(isError, error), (newError) => finalize(true, newError));
    };
    if (dest.state === 'writable' && !dest.closing) then(writesFinished(), rest);
    else rest();
  };
  const onAbort = () => {
    const error = apply(reasonOf, signal, []);
    shutdown(() => {
      const aborted = preventAbort || dest.state !== 'writable' ? resolvedWith(undefined) : dest.abort(error);
      const cancelled = preventCancel || source.state !== 'readable' ? resolvedWith(undefined) : source.cancel(error);
      return waitForAll([aborted, cancelled]);
    }, true, error);
  };

  if (signal !== undefined) {
    if (apply(isAborted, signal, [])) {
      onAbort();
      return promise;
    }
    apply(addEventListener, signal, ['abort', onAbort]);
  }

  /** Reads and writes one chunk when there is room; resolves with whether that was the end. */
  const step = () => {
    if (shuttingDown) return resolvedWith(true);
    return then(writer.ready.promise, () => {
      const read = pending();
      reader.read({
        chunk(chunk) {
          // Whoever enqueues it must not find the sink's `write` on the stack.
          const written = then(resolvedWith(undefined), () => {
            const write = writer.write(chunk);
            read.resolve(false);
            return write;
          });
          lastWrite = then(written, undefined, noop);
        },
        close: () => read.resolve(true),
        error: read.reject,
      });
      return read.promise;
    });
  };
  const loop = (done) => (done ? undefined : then(step(), loop));

  const whenErrored = (stream, closed, action) => {
    if (stream.state === 'errored') action(stream.storedError);
    else then(closed, undefined, action);
  };
  // Errors must be propagated forward: abort the destination.
  whenErrored(source, reader.closed.promise, (error) => {
    shutdown(preventAbort ? undefined : () => dest.abort(error), true, error);
  });
  // Errors must be propagated backward: cancel the source.
  whenErrored(dest, writer.closed.promise, (error) => {
    shutdown(preventCancel ? undefined : () => source.cancel(error), true, error);
  });
  // Closing must be propagated forward: close the destination.
  const whenClosed = () => shutdown(preventClose ? undefined : () => writer.closeWithErrorPropagation(), false);
  if (source.state === 'closed') whenClosed();
  else then(reader.closed.promise, whenClosed, noop);
  // Closing must be propagated backward: cancel the source.
  if (dest.closing || dest.state === 'closed') {
    const error = new TypeError('the destination closed before all was written');
    shutdown(preventCancel ? undefined : () => source.cancel(error), true, error);
  }
  handled(loop(false));
  return promise;
}
