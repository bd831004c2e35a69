// AbortController and AbortSignal: WHATWG DOM §3.
import { native, publish, required } from 'internal:web/idl';
import { bindAbort, defineEventHandlers, Event, EventTarget, fire, trusted } from 'internal:web/events';

const { now } = native;

let making = false;
let abort, addAlgorithm, brand, make;

export class AbortSignal extends EventTarget {
  #reason = undefined;
  /** What to run on abort: functions, in order. */
  #algorithms = null;
  /** Signals that `any` made from this one, and for such a signal those it was made from. */
  #dependents = null;
  #sources = null;

  constructor() {
    super();
    if (!making) throw new TypeError('Illegal constructor');
    making = false;
  }

  get aborted() { return this.#reason !== undefined; }
  get reason() { return this.#reason; }
  throwIfAborted() { if (this.#reason !== undefined) throw this.#reason; }

  static abort(reason = undefined) {
    const signal = make();
    signal.#reason = reason === undefined ? new DOMException('signal is aborted without reason', 'AbortError') : reason;
    return signal;
  }

  static timeout(milliseconds) {
    required(arguments.length, 1);
    const delay = Math.trunc(+milliseconds);
    // Web IDL [EnforceRange] unsigned long long.
    if (!(delay >= 0 && delay <= Number.MAX_SAFE_INTEGER)) throw new TypeError('milliseconds is out of range');
    const signal = make();
    setTimeout(() => abort(signal, new DOMException('signal timed out', 'TimeoutError')), delay);
    return signal;
  }

  // DOM "create a dependent abort signal".
  static any(signals) {
    required(arguments.length, 1);
    if (typeof signals !== 'object' && typeof signals !== 'function' || signals === null) {
      throw new TypeError('signals is not iterable');
    }
    const given = [...signals];
    for (const signal of given) brand(signal);
    const result = make();
    const aborted = given.find((signal) => signal.#reason !== undefined);
    if (aborted !== undefined) {
      result.#reason = aborted.#reason;
      return result;
    }
    const sources = result.#sources = [];
    for (const signal of given) {
      for (const source of signal.#sources ?? [signal]) {
        if (sources.includes(source)) continue;
        sources.push(source);
        (source.#dependents ??= []).push(result);
      }
    }
    return result;
  }

  // DOM "run the abort steps".
  #run() {
    const algorithms = this.#algorithms;
    this.#algorithms = null;
    if (algorithms !== null) for (const algorithm of algorithms) algorithm(this.#reason);
    fire(this, trusted(Event, 'abort', now()));
  }

  static {
    brand = (signal) => {
      if (typeof signal !== 'object' || signal === null || !(#reason in signal)) throw new TypeError('not an AbortSignal');
    };

    make = () => {
      making = true;
      return new AbortSignal();
    };

    // DOM "signal abort".
    abort = (signal, reason) => {
      if (signal.#reason !== undefined) return;
      signal.#reason = reason === undefined ? new DOMException('signal is aborted without reason', 'AbortError') : reason;
      const dependents = (signal.#dependents ?? []).filter((dependent) => dependent.#reason === undefined);
      signal.#dependents = null;
      for (const dependent of dependents) dependent.#reason = signal.#reason;
      signal.#run();
      for (const dependent of dependents) dependent.#run();
    };

    // DOM "add an algorithm"; a null algorithm only checks the type.
    addAlgorithm = (signal, algorithm) => {
      brand(signal);
      if (signal.#reason !== undefined) return false;
      if (algorithm !== null) (signal.#algorithms ??= []).push(algorithm);
      return true;
    };
  }
}

export class AbortController {
  #signal = make();

  get signal() { return this.#signal; }
  abort(reason = undefined) { abort(this.#signal, reason); }
}

bindAbort(addAlgorithm);
defineEventHandlers(AbortSignal, ['abort']);
publish(AbortSignal, AbortController);
