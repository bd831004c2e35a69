// k6/websockets: the WebSocket interface (WHATWG websockets §3) over the natives of
// internal:websockets, with k6's third argument, `ping()`, and the events `ping` and `pong`.
import {
  bind, bufferedAmount, close, connect, ping, send, setBinaryType, unheard,
} from 'internal:websockets';
import {
  CloseEvent, ErrorEvent, Event, EventTarget, defineEventHandlers, fire, fireMessage, hasListeners, trusted,
} from 'internal:web/events';
import { constants, idl, required } from 'internal:web/idl';

const { DOMException, Blob } = globalThis;

const CONNECTING = 0, OPEN = 1, CLOSING = 2, CLOSED = 3;

// What happened, as the natives number it.
const OPENED = 0, MESSAGE = 1, CLOSE_STARTED = 2, FAILED = 3, ENDED = 4, PINGED = 5;

let deliver;

class WebSocket extends EventTarget {
  #id;
  #url;
  #origin;
  #readyState = CONNECTING;
  #protocol = '';
  #extensions = '';
  #binaryType = 'blob';
  /** Bytes that were sent when it was too late; they stay in `bufferedAmount` for ever. */
  #unsent = 0;

  constructor(url, protocols = [], params = undefined) {
    super();
    required(arguments.length, 1);
    const connected = connect(this, url, protocolList(protocols), params);
    if (typeof connected === 'string') throw new DOMException(connected, 'SyntaxError');
    [this.#id, this.#url, this.#origin] = connected;
  }

  get url() { return this.#url; }
  get readyState() { return this.#readyState; }
  get protocol() { return this.#protocol; }
  get extensions() { return this.#extensions; }
  get bufferedAmount() { return this.#unsent + bufferedAmount(this.#id); }

  get binaryType() { return this.#binaryType; }
  set binaryType(value) {
    value = `${value}`;
    this.#id;
    // Web IDL: a value that the enumeration does not have is ignored.
    if (value !== 'blob' && value !== 'arraybuffer') return;
    this.#binaryType = value;
    setBinaryType(this.#id, value === 'blob');
  }

  send(data) {
    required(arguments.length, 1);
    if (this.#readyState === CONNECTING) {
      throw new DOMException('the WebSocket is still connecting: send in its `open` event', 'InvalidStateError');
    }
    const unsent = send(this.#readyState === OPEN ? this.#id : 0, data);
    if (unsent > 0) this.#unsent += unsent;
  }

  /** k6: sends a ping frame; `ws_ping` is the time until its pong. */
  ping() {
    if (this.#readyState !== OPEN) {
      throw new DOMException('the WebSocket is not open: ping after its `open` event', 'InvalidStateError');
    }
    ping(this.#id);
  }

  close(code = undefined, reason = undefined) {
    // Web IDL: [Clamp] unsigned short, USVString.
    if (code !== undefined) code = clamp(code);
    if (reason !== undefined) reason = `${reason}`.toWellFormed();
    if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) {
      throw new DOMException(`the close code must be 1000 or between 3000 and 4999, not ${code}`, 'InvalidAccessError');
    }
    if (reason !== undefined && utf8Length(reason) > 123) {
      throw new DOMException('the close reason must not exceed 123 bytes of UTF-8', 'SyntaxError');
    }
    if (this.#readyState === CLOSING || this.#readyState === CLOSED) return;
    this.#readyState = CLOSING;
    // WHATWG websockets, "close the WebSocket": a reason without a code goes with 1000.
    if (code === undefined && reason !== undefined && reason !== '') code = 1000;
    if (code === undefined) close(this.#id);
    else close(this.#id, code, reason ?? '');
  }

  static {
    deliver = (socket, kind, time, a, b, c) => {
      switch (kind) {
        case OPENED:
          // The script may have closed it in the meantime.
          if (socket.#readyState !== CONNECTING) return;
          socket.#readyState = OPEN;
          socket.#protocol = a;
          socket.#extensions = b;
          fire(socket, trusted(Event, 'open', time));
          break;
        case MESSAGE:
          // WHATWG websockets, "when a message is received", step 1.
          if (socket.#readyState === OPEN) fireMessage(socket, a, socket.#origin, time);
          break;
        case CLOSE_STARTED:
          if (socket.#readyState < CLOSING) socket.#readyState = CLOSING;
          break;
        case FAILED:
          socket.#readyState = CLOSED;
          if (!hasListeners(socket, 'error')) unheard(socket.#id, socket.#url, b);
          // k6: `error` is a text.
          fire(socket, trusted(ErrorEvent, 'error', time, { message: b, error: a }));
          break;
        case ENDED:
          socket.#readyState = CLOSED;
          fire(socket, trusted(CloseEvent, 'close', time, { code: a, reason: b, wasClean: c }));
          break;
        default:
          fire(socket, trusted(Event, kind === PINGED ? 'ping' : 'pong', time));
      }
    };
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
    if (typeof protocols[Symbol.iterator] === 'function') return Array.from(protocols, String);
  }
  return [`${protocols}`];
}

/** Web IDL [Clamp] unsigned short: nearest integer, ties to even. */
function clamp(value) {
  value = Math.min(Math.max(Number(value), 0), 65535);
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
