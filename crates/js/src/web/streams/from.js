// ReadableStream.from: Streams §4.9.1, ReadableStreamFromIterable.
import { apply, isObject, rejectedWith, resolvedWith, then, noop } from 'internal:web/streams/promises';
import { createReadable } from 'internal:web/streams/readable';

const { asyncIterator, iterator } = Symbol;
const promiseResolve = Promise.resolve.bind(Promise);

export function fromIterable(iterable) {
  const source = getIterator(iterable);
  const stream = createReadable({
    start: noop,
    pull() {
      let result;
      try {
        result = source.next();
      } catch (error) {
        return rejectedWith(error);
      }
      return then(resolvedWith(result), (result) => {
        if (!isObject(result)) throw new TypeError('next() of the iterator gave no object');
        if (result.done) stream.control.close();
        else stream.control.enqueue(result.value);
      });
    },
    cancel(reason) {
      let result;
      try {
        result = source.return(reason);
        if (result === undefined) return resolvedWith(undefined);
      } catch (error) {
        return rejectedWith(error);
      }
      return then(resolvedWith(result.value), (result) => {
        if (!isObject(result)) throw new TypeError('return() of the iterator gave no object');
      });
    },
  }, 0);
  return stream.object;
}

/**
 * ECMA-262 GetIterator(iterable, async). `return` gives undefined if the iterator has none, else `{ value }`.
 */
function getIterator(iterable) {
  if (iterable === undefined || iterable === null) throw new TypeError(`${iterable} is not iterable`);
  const method = methodOf(iterable, asyncIterator);
  if (method !== undefined) {
    const made = object(apply(method, iterable, []), 'the async iterator');
    const { next } = made;
    return {
      next: () => object(apply(next, made, []), 'what next() gave'),
      return(reason) {
        const method = methodOf(made, 'return');
        return method === undefined ? undefined : { value: apply(method, made, [reason]) };
      },
    };
  }
  const syncMethod = methodOf(iterable, iterator);
  if (syncMethod === undefined) throw new TypeError('the argument is not iterable');
  const made = object(apply(syncMethod, iterable, []), 'the iterator');
  const { next } = made;
  // ECMA-262 CreateAsyncFromSyncIterator
  return {
    next() {
      try {
        return fromSync(object(apply(next, made, []), 'what next() gave'), made, true);
      } catch (error) {
        return rejectedWith(error);
      }
    },
    return(reason) {
      // %AsyncFromSyncIteratorPrototype%.return turns what goes wrong into a rejection, and is always there.
      try {
        const method = methodOf(made, 'return');
        if (method === undefined) return { value: resolvedWith({ value: reason, done: true }) };
        return { value: fromSync(object(apply(method, made, [reason]), 'what return() gave'), made, false) };
      } catch (error) {
        return { value: rejectedWith(error) };
      }
    },
  };
}

// ECMA-262 AsyncFromSyncIteratorContinuation
function fromSync(result, made, closing) {
  const done = !!result.done;
  const value = result.value;
  const close = () => {
    try {
      const method = methodOf(made, 'return');
      if (method !== undefined) apply(method, made, []);
    } catch {
      // The first error is the one that counts.
    }
  };
  let wrapper;
  try {
    wrapper = promiseResolve(value);
  } catch (error) {
    if (!done && closing) close();
    throw error;
  }
  return then(wrapper, (value) => ({ value, done }), done || !closing ? undefined : (error) => {
    close();
    throw error;
  });
}

function methodOf(value, name) {
  const method = value[name];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== 'function') throw new TypeError(`${String(name)} is not a function`);
  return method;
}

function object(value, what) {
  if (!isObject(value)) throw new TypeError(`${what} is not an object`);
  return value;
}
