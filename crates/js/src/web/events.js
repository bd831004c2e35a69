// Events and event targets: WHATWG DOM §2, and HTML's event handler attributes.
// There is no tree here, so an event's path is its target alone.
import { constants, dictionary, native, publish, required } from 'internal:web/idl';

const { now, reportException, timeOrigin } = native;

// Of events.
const BUBBLES = 1, CANCELABLE = 2, COMPOSED = 4, TRUSTED = 8;
const STOPPED = 16, STOPPED_NOW = 32, CANCELED = 64, IN_PASSIVE = 128, DISPATCHING = 256;
// Of listeners.
const CAPTURE = 1, ONCE = 2, PASSIVE = 4, HANDLER = 8, REMOVED = 16;

/** While natives make an event: when it happened, in milliseconds of `performance.now()`. */
let happened = -1;

let begin, dispatch, forget, isEvent, listenersOf, handler, setHandler;

/** Set by `internal:web/abort`: runs `algorithm` when `signal` aborts; false if it is aborted already. */
let onAbort;
export function bindAbort(add) { onAbort = add; }

export class Event {
  #type;
  #target = null;
  #flags = 0;
  #time;

  constructor(type, init = undefined) {
    if (happened >= 0) {
      this.#type = type;
      this.#flags = TRUSTED;
      this.#time = happened;
      return;
    }
    required(arguments.length, 1);
    this.#type = `${type}`;
    this.#time = now();
    if ((init = dictionary(init)) !== undefined) {
      // Web IDL reads dictionary members in lexicographical order.
      if (init.bubbles) this.#flags |= BUBBLES;
      if (init.cancelable) this.#flags |= CANCELABLE;
      if (init.composed) this.#flags |= COMPOSED;
    }
  }

  get type() { return this.#type; }
  get target() { return this.#target; }
  get srcElement() { return this.#target; }
  get currentTarget() { return this.#flags & DISPATCHING ? this.#target : null; }
  composedPath() { return this.#flags & DISPATCHING ? [this.#target] : []; }
  get eventPhase() { return this.#flags & DISPATCHING ? 2 : 0; }
  stopPropagation() { this.#flags |= STOPPED; }
  get cancelBubble() { return (this.#flags & STOPPED) !== 0; }
  set cancelBubble(value) { this.#flags |= value ? STOPPED : 0; }
  stopImmediatePropagation() { this.#flags |= STOPPED | STOPPED_NOW; }
  get bubbles() { return (this.#flags & BUBBLES) !== 0; }
  get cancelable() { return (this.#flags & CANCELABLE) !== 0; }
  get returnValue() { return (this.#flags & CANCELED) === 0; }
  set returnValue(value) { if (!value) this.#cancel(); }
  preventDefault() { this.#cancel(); }
  get defaultPrevented() { return (this.#flags & CANCELED) !== 0; }
  get composed() { return (this.#flags & COMPOSED) !== 0; }
  get isTrusted() { return (this.#flags & TRUSTED) !== 0; }
  get timeStamp() { return this.#time; }
  // k6: its socket events carry the time of day in milliseconds.
  get timestamp() { return Math.trunc(timeOrigin + this.#time); }

  initEvent(type, bubbles = false, cancelable = false) {
    required(arguments.length, 1);
    type = `${type}`;
    if (this.#flags & DISPATCHING) return;
    this.#type = type;
    this.#target = null;
    this.#flags = (bubbles ? BUBBLES : 0) | (cancelable ? CANCELABLE : 0);
  }

  // DOM "set the canceled flag".
  #cancel() {
    if ((this.#flags & (CANCELABLE | IN_PASSIVE)) === CANCELABLE) this.#flags |= CANCELED;
  }

  static {
    isEvent = (value) => typeof value === 'object' && value !== null && #type in value;

    // DOM "dispatchEvent", steps 1 and 2.
    begin = (event) => {
      if (event.#flags & DISPATCHING) {
        throw new DOMException('the event is already being dispatched', 'InvalidStateError');
      }
      event.#flags &= ~TRUSTED;
    };

    // DOM "dispatch" and "inner invoke", for a path of one. `listeners` is never changed in place but at its end.
    dispatch = (target, event, listeners) => {
      event.#target = target;
      if (listeners !== null) {
        event.#flags |= DISPATCHING;
        const type = event.#type;
        const { length } = listeners;
        let phase = -1;
        for (let i = 0; i < length; i++) {
          const listener = listeners[i];
          if (listener.type !== type || listener.flags & REMOVED) continue;
          const { flags } = listener;
          if ((flags & CAPTURE) !== phase) {
            // DOM "invoke", step 1, once for the capturing listeners and once for the others.
            if (event.#flags & STOPPED) break;
            phase = flags & CAPTURE;
          }
          if (flags & ONCE) forget(target, listener);
          if (flags & PASSIVE) event.#flags |= IN_PASSIVE;
          const { callback } = listener;
          try {
            if (typeof callback === 'function') {
              // HTML "event handler processing algorithm": `false` cancels.
              if (callback.call(target, event) === false && flags & HANDLER) event.#cancel();
            } else if (!(flags & HANDLER)) {
              const { handleEvent } = callback;
              if (typeof handleEvent !== 'function') throw new TypeError('handleEvent is not a function');
              handleEvent.call(callback, event);
            }
          } catch (error) {
            reportException(error);
          }
          event.#flags &= ~IN_PASSIVE;
          if (event.#flags & STOPPED_NOW) break;
        }
      }
      event.#flags &= ~(DISPATCHING | STOPPED | STOPPED_NOW);
      return (event.#flags & CANCELED) === 0;
    };
  }
}
constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

export class EventTarget {
  /** null, or the listeners: those for the capturing phase first, else in order of addition. */
  #listeners = null;

  addEventListener(type, callback, options = undefined) {
    const listeners = this.#listeners;
    required(arguments.length, 2);
    type = `${type}`;
    callback = eventListener(callback);
    let flags = 0, signal;
    if (typeof options === 'object' && options !== null || typeof options === 'function') {
      if (options.capture) flags = CAPTURE;
      if (options.once) flags |= ONCE;
      if (options.passive) flags |= PASSIVE;
      signal = options.signal;
    } else if (options) {
      flags = CAPTURE;
    }
    const listener = { type, callback, flags };
    if (signal !== undefined) {
      // DOM "add an event listener", steps 2 and 6.
      if (callback === null || find(listeners, type, callback, flags & CAPTURE) !== undefined) onAbort(signal, null);
      else if (!onAbort(signal, () => forget(this, listener))) return;
    }
    if (callback === null || find(this.#listeners, type, callback, flags & CAPTURE) !== undefined) return;
    this.#add(listener);
  }

  removeEventListener(type, callback, options = undefined) {
    const listeners = this.#listeners;
    required(arguments.length, 2);
    type = `${type}`;
    callback = eventListener(callback);
    const capture = (typeof options === 'object' && options !== null || typeof options === 'function')
      ? options.capture : options;
    const listener = find(listeners, type, callback, capture ? CAPTURE : 0);
    if (listener !== undefined) forget(this, listener);
  }

  dispatchEvent(event) {
    const listeners = this.#listeners;
    required(arguments.length, 1);
    if (!isEvent(event)) throw new TypeError('argument is not an Event');
    begin(event);
    return dispatch(this, event, listeners);
  }

  #add(listener) {
    const listeners = this.#listeners;
    if (listeners === null) {
      this.#listeners = [listener];
    } else if (listener.flags & CAPTURE) {
      // A dispatch that is under way keeps the list it began with.
      const at = listeners.findIndex((other) => !(other.flags & CAPTURE));
      this.#listeners = at < 0 ? [...listeners, listener] : listeners.toSpliced(at, 0, listener);
    } else {
      listeners.push(listener);
    }
  }

  static {
    listenersOf = (target) => target.#listeners;

    // DOM "remove an event listener".
    forget = (target, listener) => {
      if (listener.flags & REMOVED) return;
      listener.flags |= REMOVED;
      const left = target.#listeners.filter((other) => other !== listener);
      target.#listeners = left.length === 0 ? null : left;
    };

    // HTML "the event handler IDL attributes": the getter, and the setter with [LegacyTreatNonObjectAsNull].
    handler = (target, type) => findHandler(target.#listeners, type)?.callback ?? null;
    setHandler = (target, type, value) => {
      const listener = findHandler(target.#listeners, type);
      if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) {
        if (listener !== undefined) forget(target, listener);
      } else if (listener !== undefined) {
        listener.callback = value;
      } else {
        target.#add({ type, callback: value, flags: HANDLER });
      }
    };
  }
}

function eventListener(callback) {
  if (callback === undefined || callback === null) return null;
  if (typeof callback === 'function' || typeof callback === 'object') return callback;
  throw new TypeError('listener is not an object');
}

function find(listeners, type, callback, capture) {
  if (listeners === null) return undefined;
  for (const listener of listeners) {
    if (listener.callback === callback && listener.type === type && (listener.flags & (CAPTURE | HANDLER)) === capture) {
      return listener;
    }
  }
  return undefined;
}

function findHandler(listeners, type) {
  if (listeners === null) return undefined;
  for (const listener of listeners) {
    if (listener.flags & HANDLER && listener.type === type) return listener;
  }
  return undefined;
}

export class CustomEvent extends Event {
  #detail = null;

  constructor(type, init = undefined) {
    super(type, init);
    required(arguments.length, 1);
    const detail = dictionary(init)?.detail;
    if (detail !== undefined) this.#detail = detail;
  }

  get detail() { return this.#detail; }

  initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
    required(arguments.length, 1);
    if (this.eventPhase !== 0) return;
    this.initEvent(type, bubbles, cancelable);
    this.#detail = detail;
  }
}

const noPorts = Object.freeze([]);
let fillMessage;

export class MessageEvent extends Event {
  #data = null;
  #origin = '';
  #lastEventId = '';

  constructor(type, init = undefined) {
    super(type, init);
    if (init === undefined && happened >= 0) return;
    required(arguments.length, 1);
    if ((init = dictionary(init)) === undefined) return;
    const { data, lastEventId, origin, ports, source } = init;
    if (data !== undefined) this.#data = data;
    if (lastEventId !== undefined) this.#lastEventId = `${lastEventId}`.toWellFormed();
    if (origin !== undefined) this.#origin = `${origin}`.toWellFormed();
    // There are no ports and no windows here, so only the empty values are of the right type.
    if (ports !== undefined && [...ports].length !== 0) throw new TypeError('ports must be MessagePorts');
    if (source !== undefined && source !== null) throw new TypeError('source is not a MessageEventSource');
  }

  get data() { return this.#data; }
  get origin() { return this.#origin; }
  get lastEventId() { return this.#lastEventId; }
  get source() { this.#data; return null; }
  get ports() { this.#data; return noPorts; }

  initMessageEvent(type, bubbles = false, cancelable = false, data = null, origin = '', lastEventId = '') {
    required(arguments.length, 1);
    if (this.eventPhase !== 0) return;
    this.initEvent(type, bubbles, cancelable);
    this.#data = data;
    this.#origin = `${origin}`.toWellFormed();
    this.#lastEventId = `${lastEventId}`.toWellFormed();
  }

  static {
    fillMessage = (event, data, origin) => {
      event.#data = data;
      event.#origin = origin;
      return event;
    };
  }
}

export class CloseEvent extends Event {
  #wasClean = false;
  #code = 0;
  #reason = '';

  constructor(type, init = undefined) {
    super(type, init);
    required(arguments.length, 1);
    if ((init = dictionary(init)) === undefined) return;
    const { code, reason, wasClean } = init;
    if (code !== undefined) this.#code = code & 0xFFFF;
    if (reason !== undefined) this.#reason = `${reason}`.toWellFormed();
    this.#wasClean = !!wasClean;
  }

  get wasClean() { return this.#wasClean; }
  get code() { return this.#code; }
  get reason() { return this.#reason; }
}

export class ErrorEvent extends Event {
  #message = '';
  #filename = '';
  #lineno = 0;
  #colno = 0;
  #error = undefined;

  constructor(type, init = undefined) {
    super(type, init);
    required(arguments.length, 1);
    if ((init = dictionary(init)) === undefined) return;
    const { colno, error, filename, lineno, message } = init;
    if (colno !== undefined) this.#colno = colno >>> 0;
    this.#error = error;
    if (filename !== undefined) this.#filename = `${filename}`.toWellFormed();
    if (lineno !== undefined) this.#lineno = lineno >>> 0;
    if (message !== undefined) this.#message = `${message}`;
  }

  get message() { return this.#message; }
  get filename() { return this.#filename; }
  get lineno() { return this.#lineno; }
  get colno() { return this.#colno; }
  get error() { return this.#error; }
}

/**
 * Makes a trusted event. `time` is when it happened, in milliseconds of `performance.now()`;
 * `init` is the plain dictionary of the class, its `bubbles` family ignored.
 */
export function trusted(Class, type, time, init) {
  happened = time;
  try {
    return new Class(type, init);
  } finally {
    happened = -1;
  }
}

/** The hot one: a trusted `message` event, made and dispatched. */
export function fireMessage(target, data, origin, time) {
  const listeners = listenersOf(target);
  if (listeners === null) return;
  happened = time;
  const event = new MessageEvent('message');
  happened = -1;
  dispatch(target, fillMessage(event, data, origin), listeners);
}

/** Dispatches an event made by `trusted`. Returns false if it was cancelled. */
export function fire(target, event) {
  return dispatch(target, event, listenersOf(target));
}

/** Whether anyone listens; natives need not make an event that nobody would see. */
export function hasListeners(target, type) {
  const listeners = listenersOf(target);
  return listeners !== null && listeners.some((listener) => listener.type === type);
}

/** Defines the `onX` attributes of an interface, for each event type in `types`. */
export function defineEventHandlers(Class, types) {
  for (const type of types) {
    const name = `on${type}`;
    Object.defineProperty(Class.prototype, name, {
      ...Object.getOwnPropertyDescriptor({
        get [name]() { return handler(this, type); },
        set [name](value) { setHandler(this, type, value); },
      }, name),
      enumerable: true,
      configurable: true,
    });
  }
}

publish(Event, EventTarget, CustomEvent, MessageEvent, CloseEvent, ErrorEvent);
