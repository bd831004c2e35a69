// Walks all that can be reached from the global object, from the modules and from objects that natives
// make, tags each object as its VU's, and looks for tags of other VUs.
import * as k6 from 'k6';
import * as crypto_ from 'k6/crypto';
import * as data from 'k6/data';
import * as encoding from 'k6/encoding';
import * as execution from 'k6/execution';
import * as http from 'k6/http';
import * as metrics from 'k6/metrics';
import * as csv from 'k6/experimental/csv';
import * as fs from 'k6/experimental/fs';
import * as experimental from 'k6/experimental/websockets';
import * as streams from 'k6/experimental/streams';
import * as timers from 'k6/timers';
import * as websockets from 'k6/websockets';
import * as ws from 'k6/ws';

const TAG = 'tag of a VU';
const counter = new metrics.Counter('counted');
const shared = new data.SharedArray('shared', () => [{ a: [1] }]);
let objects = 0;
const foreign = new Set();

function made() {
  const controller = new AbortController();
  const target = new EventTarget();
  const list = [controller, controller.signal, target, new URL('http://a/?b=c'), new Blob(['x'])];
  for (const Kind of [Event, CustomEvent, MessageEvent, CloseEvent, ErrorEvent]) {
    const event = new Kind('x');
    target.addEventListener('x', (event) => list.push(event, event.target), { once: true });
    target.dispatchEvent(event);
  }
  controller.signal.addEventListener('abort', (event) => list.push(event));
  controller.abort();
  const stream = new ReadableStream();
  list.push(controller.signal.reason, new URLSearchParams('a=b'), new File(['x'], 'y'));
  list.push(stream, stream.getReader(), new WritableStream(), new TransformStream());
  list.push(new TextEncoder(), new TextDecoder(), new TextEncoder().encode('x'));
  list.push(structuredClone({ a: [new Map(), new Set(), new Date(), /x/, new Error('x')] }));
  list.push(structuredClone(new Blob(['x'])), crypto.getRandomValues(new Uint8Array(1)));
  list.push(counter, new http.CookieJar(), shared, shared[0], shared[Symbol.iterator]());
  list.push(crypto_.createHash('md5'), encoding.b64decode('eA=='), globalThis.WebSocket);
  list.push(performance, performance.now, console, import.meta, import.meta.resolve);
  list.push([][Symbol.iterator](), new Map().entries(), ''.matchAll(/x/g), (function* () {})());
  list.push(async () => {}, async function* () {}, (async function* () {})(), class {}, new Proxy({}, {}));
  list.push(Promise.resolve(), new WeakRef(list), new FinalizationRegistry(() => {}));
  for (const broken of [() => null.x, () => new URL('x'), () => atob('*'), () => ws.connect(), () => open()]) {
    try {
      broken();
    } catch (error) {
      list.push(error);
    }
  }
  if (typeof __ITER !== 'undefined') list.push(http.cookieJar(), execution.default.scenario, execution.default.vu.tags);
  return list;
}

function walk(roots) {
  const seen = new Set();
  const next = [...roots];
  while (next.length > 0) {
    const object = next.pop();
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null) continue;
    if (seen.has(object)) continue;
    seen.add(object);
    const descriptor = Object.getOwnPropertyDescriptor(object, TAG);
    if (descriptor !== undefined && descriptor.value !== __VU) foreign.add(nameOf(object));
    if (descriptor === undefined && Object.isExtensible(object)) {
      tag(object);
    }
    if (typeof object === 'function' && !(object instanceof Function)) {
      // Function.prototype itself is what all others inherit from.
      if (object !== Function.prototype) foreign.add(`function ${nameOf(object)}`);
    }
    next.push(Object.getPrototypeOf(object));
    for (const key of Reflect.ownKeys(object)) {
      const property = Object.getOwnPropertyDescriptor(object, key);
      next.push(property.value, property.get, property.set);
      // Globals that are made when they are asked for.
      if (object === globalThis && property.get !== undefined) next.push(globalThis[key]);
    }
  }
  objects = seen.size;
}

function tag(object) {
  try {
    Object.defineProperty(object, TAG, { value: __VU, configurable: true });
  } catch {
    // A proxy that lets nothing be changed.
  }
}

function nameOf(object) {
  return `${typeof object} ${object.name ?? object.constructor?.name} of ${object[TAG]}`;
}

/** The way out that shared functions would be. */
function reach() {
  const natives = [console.log, setTimeout, k6.sleep, ws.connect, open, require, import.meta.resolve];
  natives.push(crypto_.md5, encoding.b64encode, http.cookieJar, metrics.Counter, EventTarget, structuredClone, TextEncoder);
  natives.push(Object.getOwnPropertyDescriptor(Event.prototype, 'type').get);
  for (const native of natives) {
    const global = Object.getPrototypeOf(native).constructor('return this')();
    if (global !== globalThis) foreign.add(`global of ${native.name}`);
  }
}

const modules = [crypto_, csv, data, encoding, k6, execution, http, metrics, experimental, fs, streams, timers, websockets, ws];
const first = made();

function look() {
  walk([globalThis, ...modules, ...first, ...made(), made, look]);
  reach();
}

look();

export default function () {
  look();
  if (__ITER === 1) console.log(`${__VU} objects=${objects} foreign=${[...foreign].join()}`);
}
