// What the streams take from the language, kept from the time before a script could change it; and how promises, queues and
// numbers are handled (Streams §8, Web IDL §3.2).

export const { apply } = Reflect;
const P = Promise;
const call = Function.prototype.call;
const uncurry = (method) => call.bind(method);

/** `then(promise, fulfilled, rejected)`: PerformPromiseThen. */
export const then = uncurry(P.prototype.then);

/** A new promise as `{ promise, resolve, reject }`. */
export const pending = P.withResolvers.bind(P);
/** The same that knows whether it is settled yet. */
export class Capability {
  promise;
  isPending = true;
  #resolve;
  #reject;

  constructor() {
    const { promise, resolve, reject } = pending();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  resolve(value) {
    this.isPending = false;
    this.#resolve(value);
  }

  reject(reason) {
    this.isPending = false;
    this.#reject(reason);
  }
}
/** Web IDL "a promise resolved with": always a new one, also of a promise. */
export const resolvedWith = (value) => new P((resolve) => resolve(value));
export const rejectedWith = (reason) => new P((_, reject) => reject(reason));
export const noop = () => {};
/** Nobody has to look at its rejection. */
export const handled = (promise) => { then(promise, undefined, noop); };
/** Runs it as a microtask. */
export const soon = (run) => { then(resolvedWith(undefined), run); };

/** All, as Web IDL "wait for all". The results are not asked for. */
export function waitForAll(promises) {
  const all = pending();
  let left = promises.length;
  if (left === 0) all.resolve(undefined);
  for (let i = 0; i < promises.length; i++) {
    then(promises[i], () => { if (--left === 0) all.resolve(undefined); }, all.reject);
  }
  return all.promise;
}

/** Web IDL: what an operation that returns a promise throws rejects it. */
export function promising(run) {
  try {
    return run();
  } catch (error) {
    return rejectedWith(error);
  }
}

export const isObject = (value) => typeof value === 'object' && value !== null || typeof value === 'function';

/** First in, first out. A script's changes to `Array.prototype` don't reach it. */
export class Queue {
  length = 0;
  #head = undefined;
  #tail = undefined;

  push(value) {
    const node = { value, next: undefined };
    if (this.length++ === 0) this.#head = node;
    else this.#tail.next = node;
    this.#tail = node;
  }

  peek() { return this.#head.value; }

  shift() {
    const { value, next } = this.#head;
    this.#head = next;
    this.length--;
    return value;
  }
}

/** Streams §8.1: a queue that knows the total size of what is in it. */
export class SizedQueue {
  total = 0;
  #queue = new Queue();

  get length() { return this.#queue.length; }

  // EnqueueValueWithSize
  push(value, size) {
    if (!(size >= 0) || size === Infinity) throw new RangeError(`the size of a chunk cannot be ${size}`);
    this.#queue.push({ value, size });
    this.total += size;
  }

  peek() { return this.#queue.peek().value; }

  // DequeueValue: sums of fractions may end a little below zero.
  shift() {
    const { value, size } = this.#queue.shift();
    this.total = Math.max(this.total - size, 0);
    return value;
  }
}

// Web IDL §3.2.17: members in the order of their names. These read one each.

/** A dictionary's object, or undefined for nothing. */
export function toDictionary(value, what) {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new TypeError(`${what} is not an object`);
  return value;
}

export function callbackMember(dictionary, name) {
  const value = dictionary?.[name];
  if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name} is not a function`);
  return value;
}

/** Web IDL `[EnforceRange] unsigned long long`. */
export function enforceRange(value, what) {
  const number = +value;
  const whole = Math.trunc(number) + 0;
  if (!(whole >= 0 && whole <= Number.MAX_SAFE_INTEGER)) throw new TypeError(`${what} is not a whole number in range`);
  return whole;
}

/** `QueuingStrategy` */
export function toStrategy(value) {
  const dictionary = toDictionary(value, 'the queuing strategy');
  const highWaterMark = dictionary?.highWaterMark;
  return {
    highWaterMark: highWaterMark === undefined ? undefined : +highWaterMark,
    size: callbackMember(dictionary, 'size'),
  };
}

// Streams §7.4 ExtractHighWaterMark
export function highWaterMarkOf({ highWaterMark }, fallback) {
  if (highWaterMark === undefined) return fallback;
  if (!(highWaterMark >= 0)) throw new RangeError(`${highWaterMark} is no high water mark`);
  return highWaterMark;
}

// Streams §7.4 ExtractSizeAlgorithm
export function sizeOf({ size }) {
  return size === undefined ? () => 1 : (chunk) => +apply(size, undefined, [chunk]);
}

/** A callback that returns a promise, as an algorithm; one that is absent does nothing. */
export function promiseAlgorithm(callback, self) {
  if (callback === undefined) return () => resolvedWith(undefined);
  return (...args) => {
    try {
      return resolvedWith(apply(callback, self, args));
    } catch (error) {
      return rejectedWith(error);
    }
  };
}
