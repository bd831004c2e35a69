// k6/websockets: the WebSocket interface (WHATWG websockets §3) over the natives of
// internal:websockets, with k6's third argument, `ping()`, and the events `ping` and `pong`.
import {
  bind, bufferedAmount, close, connect, ping, readyState, response, send, setBinaryType, unheard,
} from 'internal:websockets';
import {
  CloseEvent, Event, EventTarget, defineEventHandlers, fire, hasListeners, trusted,
} from 'internal:web/events';
import { constants, idl, required } from 'internal:web/idl';

const { Blob, DOMException, Object, Reflect, Symbol } = globalThis;

const CONNECTING = 0, OPEN = 1, CLOSING = 2, CLOSED = 3;

// What happened, as the natives number it. Messages are theirs alone.
const OPENED = 0, FAILED = 1, ENDED = 2, PINGED = 3;

let deliver;

class WebSocket extends EventTarget {
  /** The natives' number of it. Reading it is the brand check, so that comes first everywhere. */
  #id;
  #url;
  #protocol = '';
  #extensions = '';
  #binaryType = 'blob';
  /** Bytes that were sent when it was too late; they stay in `bufferedAmount` for ever. */
  #unsent = 0;
  /** The head of the 101 as the natives pack it, or the object that was made of it. */
  #response = null;

  constructor(url, protocols = [], params = undefined) {
    super();
    required(arguments.length, 1);
    // Web IDL: arguments are converted from left to right.
    url = `${url}`;
    const connected = connect(this, url, protocolList(protocols), params);
    if (typeof connected === 'string') throw new DOMException(connected, 'SyntaxError');
    [this.#id, this.#url] = connected;
  }

  get url() { return this.#url; }
  get readyState() { return readyState(this.#id); }
  get protocol() { return this.#protocol; }
  get extensions() { return this.#extensions; }
  get bufferedAmount() { return this.#unsent + bufferedAmount(this.#id); }

  /** Ours: status and headers of the server's 101; null until then. */
  get response() {
    if (typeof this.#response === 'string') this.#response = response(this.#response);
    return this.#response;
  }

  get binaryType() { return this.#binaryType; }
  set binaryType(value) {
    const id = this.#id;
    value = `${value}`;
    // Web IDL: a value that the enumeration does not have is ignored.
    if (value !== 'blob' && value !== 'arraybuffer') return;
    this.#binaryType = value;
    setBinaryType(id, value === 'blob');
  }

  send(data) {
    const id = this.#id;
    required(arguments.length, 1);
    const unsent = send(id, data);
    if (unsent > 0) this.#unsent += unsent;
  }

  /** k6: sends a ping frame; `ws_ping` is the time until its pong. */
  ping() {
    if (readyState(this.#id) !== OPEN) {
      throw new DOMException('the WebSocket is not open: ping after its `open` event', 'InvalidStateError');
    }
    ping(this.#id);
  }

  close(code = undefined, reason = undefined) {
    const id = this.#id;
    // Web IDL: [Clamp] unsigned short, USVString.
    if (code !== undefined) code = clamp(code);
    if (reason !== undefined) reason = `${reason}`.toWellFormed();
    if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) {
      throw new DOMException(`the close code must be 1000 or between 3000 and 4999, not ${code}`, 'InvalidAccessError');
    }
    if (reason !== undefined && utf8Length(reason) > 123) {
      throw new DOMException('the close reason must not exceed 123 bytes of UTF-8', 'SyntaxError');
    }
    if (readyState(id) >= CLOSING) return;
    // WHATWG websockets, "close the WebSocket": a reason without a code goes with 1000.
    if (code === undefined && reason !== undefined && reason !== '') code = 1000;
    if (code === undefined) close(id);
    else close(id, code, reason ?? '');
  }

  static {
    deliver = (socket, kind, time, what) => {
      switch (kind) {
        case OPENED:
          [socket.#protocol, socket.#extensions, socket.#response] = what;
          fire(socket, trusted(Event, 'open', time));
          break;
        case FAILED:
          socket.#fail(time, what);
          break;
        case ENDED: {
          const [code, reason, wasClean, unsent] = what;
          socket.#unsent += unsent;
          fire(socket, trusted(CloseEvent, 'close', time, { code, reason, wasClean }));
          break;
        }
        default:
          fire(socket, trusted(Event, kind === PINGED ? 'ping' : 'pong', time));
      }
    };
  }

  #fail(time, [error, message, errorCode, head, body]) {
    if (!hasListeners(this, 'error')) return unheard(this.#id, this.#url, message);
    // WHATWG websockets, "when the WebSocket connection is closed": an event without more to it.
    const event = trusted(Event, 'error', time);
    // k6: `error` is a text.
    event.error = error;
    event.message = message;
    // Ours: k6's number, and what the server said if it refused the handshake.
    event.errorCode = errorCode;
    event.response = head === undefined ? null : response(head, body);
    fire(this, event);
  }
}

bind(deliver);
idl(WebSocket);
constants(WebSocket, { CONNECTING, OPEN, CLOSING, CLOSED });
defineEventHandlers(WebSocket, ['open', 'message', 'error', 'close', 'ping', 'pong']);

/** Web IDL: (DOMString or sequence<DOMString>). k6: `null` is none. */
function protocolList(protocols) {
  if (protocols === null || protocols === undefined) return [];
  if (typeof protocols === 'object' || typeof protocols === 'function') {
    const method = protocols[Symbol.iterator];
    if (method !== null && method !== undefined) return sequence(protocols, method);
  }
  return [`${protocols}`.toWellFormed()];
}

/** Web IDL "create a sequence from an iterable": each getter runs once. */
function sequence(iterable, method) {
  if (typeof method !== 'function') throw new TypeError('the subprotocols are not iterable');
  const iterator = Reflect.apply(method, iterable, []);
  const { next } = iterator;
  const list = [];
  for (;;) {
    const result = Reflect.apply(next, iterator, []);
    if (Object(result) !== result) throw new TypeError('the iterator of the subprotocols gave no object');
    if (result.done) return list;
    list.push(`${result.value}`.toWellFormed());
  }
}

/** Web IDL [Clamp] unsigned short: nearest integer, ties to even. */
function clamp(value) {
  // Not Number(): a BigInt is a TypeError.
  value = Math.min(Math.max(+value, 0), 65535);
  if (Number.isNaN(value)) return 0;
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

function utf8Length(text) {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

export { Blob, WebSocket };
export default { Blob, WebSocket };
