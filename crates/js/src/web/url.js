// URL and URLSearchParams: WHATWG URL §6. Runs when a script first looks for one of them (`lazy.rs`). Parsing and serialising are native (`url.rs`).
import { expose, idl, native, required } from 'internal:web/idl';

// Kept from a script that changes them later.
const { Map, Object, Reflect, Symbol, TypeError } = globalThis;
const { urlParse, urlGet, urlSet, urlSetQuery, queryParse, querySerialize } = native;

const text = (value) => `${value}`.toWellFormed();

let link, pairAt, relist;

export class URLSearchParams {
  /** Names and values in turn. */
  #list;
  /** The native record of the URL that this is the query of. */
  #url = null;

  constructor(init = '') {
    if (typeof init === 'object' && init !== null || typeof init === 'function') {
      const iterate = init[Symbol.iterator];
      if (iterate !== undefined && iterate !== null) this.#list = fromPairs(init);
      else this.#list = fromRecord(init);
    } else {
      init = text(init);
      this.#list = queryParse(init.startsWith('?') ? init.slice(1) : init);
    }
  }

  // URL §6.2 "update steps".
  #update() {
    if (this.#url !== null) urlSetQuery(this.#url, querySerialize(this.#list));
  }

  get size() { return this.#list.length / 2; }

  append(name, value) {
    const list = this.#list;
    required(arguments.length, 2);
    list.push(text(name), text(value));
    this.#update();
  }

  delete(name, value = undefined) {
    const list = this.#list;
    required(arguments.length, 1);
    name = text(name);
    if (value !== undefined) value = text(value);
    for (let i = list.length - 2; i >= 0; i -= 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) list.splice(i, 2);
    }
    this.#update();
  }

  get(name) {
    const list = this.#list;
    required(arguments.length, 1);
    name = text(name);
    for (let i = 0; i < list.length; i += 2) if (list[i] === name) return list[i + 1];
    return null;
  }

  getAll(name) {
    const list = this.#list;
    required(arguments.length, 1);
    name = text(name);
    return list.filter((_, i) => i % 2 === 1 && list[i - 1] === name);
  }

  has(name, value = undefined) {
    const list = this.#list;
    required(arguments.length, 1);
    name = text(name);
    if (value !== undefined) value = text(value);
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name && (value === undefined || list[i + 1] === value)) return true;
    }
    return false;
  }

  set(name, value) {
    const list = this.#list;
    required(arguments.length, 2);
    name = text(name);
    value = text(value);
    let found = false;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] !== name) continue;
      if (found) {
        list.splice(i, 2);
        i -= 2;
      } else {
        list[i + 1] = value;
        found = true;
      }
    }
    if (!found) list.push(name, value);
    this.#update();
  }

  sort() {
    const list = this.#list;
    const order = list.filter((_, i) => i % 2 === 0).map((name, i) => ({ name, value: list[2 * i + 1] }));
    // Strings compare by code units, and sorting is stable, as the standard wants.
    order.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    this.#list = order.flatMap(({ name, value }) => [name, value]);
    this.#update();
  }

  toString() { return querySerialize(this.#list); }

  forEach(callback, thisArg = undefined) {
    this.#list;
    required(arguments.length, 1);
    if (typeof callback !== 'function') throw new TypeError('callback is not a function');
    for (let i = 0; i < this.#list.length; i += 2) callback.call(thisArg, this.#list[i + 1], this.#list[i], this);
  }

  entries() { this.#list; return new PairIterator(this, 2); }
  keys() { this.#list; return new PairIterator(this, 0); }
  values() { this.#list; return new PairIterator(this, 1); }

  static {
    link = (params, url) => { params.#url = url; return params; };
    relist = (params, query) => { if (params !== null) params.#list = queryParse(query); };
    pairAt = (params, at, kind) => {
      const list = params.#list;
      if (at >= list.length) return { value: undefined, done: true };
      return { value: kind === 2 ? [list[at], list[at + 1]] : list[at + kind], done: false };
    };
  }
}

// Web IDL §3.7.10.2: an iterator sees what is done to the list while it runs.
class PairIterator {
  #params;
  #kind;
  #at = 0;

  constructor(params, kind) {
    this.#params = params;
    this.#kind = kind;
  }

  next() {
    const result = pairAt(this.#params, this.#at, this.#kind);
    this.#at += 2;
    return result;
  }
}
delete PairIterator.prototype.constructor;
idl(PairIterator, 'URLSearchParams Iterator');
Object.setPrototypeOf(PairIterator.prototype, Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));

function fromPairs(init) {
  const list = [];
  for (const pair of init) {
    if (typeof pair !== 'object' && typeof pair !== 'function' || pair === null) {
      throw new TypeError('a pair of the query is not iterable');
    }
    const [...parts] = pair;
    const converted = parts.map(text);
    if (converted.length !== 2) throw new TypeError('a pair of the query has not two elements');
    list.push(...converted);
  }
  return list;
}

// Web IDL `record<USVString, USVString>`: names that become equal keep the place of the first, the value of the last.
function fromRecord(init) {
  const record = new Map();
  for (const key of Reflect.ownKeys(init)) {
    if (!Object.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
    record.set(text(key), text(init[key]));
  }
  return [...record].flat();
}

// The order of `Part` in url.rs.
const PARTS = [
  'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash',
];
const HREF = 0, ORIGIN = 1, SEARCH = 9;

/** While `URL.parse` makes one: its record. */
let given = null;
let recordOf, paramsOf;

export class URL {
  #record;
  #params = null;

  constructor(url, base = undefined) {
    if (given !== null) {
      this.#record = given;
      return;
    }
    required(arguments.length, 1);
    this.#record = urlParse(text(url), base === undefined ? undefined : text(base));
    if (this.#record === null) throw new TypeError(`Invalid URL: ${url}`);
  }

  get searchParams() {
    return this.#params ??= link(new URLSearchParams(urlGet(this.#record, SEARCH)), this.#record);
  }

  toString() { return urlGet(this.#record, HREF); }
  toJSON() { return urlGet(this.#record, HREF); }

  static parse(url, base = undefined) {
    required(arguments.length, 1);
    const record = urlParse(text(url), base === undefined ? undefined : text(base));
    if (record === null) return null;
    given = record;
    try {
      return new URL();
    } finally {
      given = null;
    }
  }

  static canParse(url, base = undefined) {
    required(arguments.length, 1);
    return urlParse(text(url), base === undefined ? undefined : text(base)) !== null;
  }

  static {
    recordOf = (url) => url.#record;
    paramsOf = (url) => url.#params;
  }
}

PARTS.forEach((name, part) => {
  const accessor = Object.getOwnPropertyDescriptor({
    get [name]() { return urlGet(recordOf(this), part); },
    set [name](value) {
      const record = recordOf(this);
      value = text(value);
      if (!urlSet(record, part, value)) throw new TypeError(`Invalid URL: ${value}`);
      if (part === HREF || part === SEARCH) relist(paramsOf(this), urlGet(record, SEARCH).slice(1));
    },
  }, name);
  if (part === ORIGIN) accessor.set = undefined;
  Object.defineProperty(URL.prototype, name, accessor);
});

for (const Class of [URL, URLSearchParams]) {
  idl(Class);
  expose(Class.name, Class);
}
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  value: URLSearchParams.prototype.entries, writable: true, configurable: true,
});
