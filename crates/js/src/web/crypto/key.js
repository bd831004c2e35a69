// CryptoKey: Web Cryptography §13.
import { idl } from 'internal:web/idl';

const OURS = Symbol();

let read;

export class CryptoKey {
  #slots;

  constructor(ours, slots) {
    if (ours !== OURS) throw new TypeError('Illegal constructor');
    this.#slots = slots;
  }

  static { read = (key) => (typeof key === 'object' && key !== null && #slots in key ? key.#slots : undefined); }

  get type() { return this.#slots.type; }
  get extractable() { return this.#slots.extractable; }
  get algorithm() { return this.#slots.algorithm; }
  get usages() { return this.#slots.usages; }

  /** k6: a key that is printed shows its fields. */
  toJSON() {
    const { type, extractable, algorithm, usages } = this.#slots;
    return { type, extractable, algorithm, usages };
  }
}
idl(CryptoKey);

/** Every usage, in the order of the standard. */
const USAGES = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];

/** Web IDL `sequence<KeyUsage>`. */
export function toUsages(sequence) {
  const usages = [...sequence].map(String);
  for (const usage of usages) {
    if (!USAGES.includes(usage)) throw new TypeError(`${JSON.stringify(usage)} is not a key usage`);
  }
  return usages;
}

/** A key over `handle`, which the natives know; `usages` are those of the key's kind that were asked for. */
export function makeKey(type, extractable, algorithm, usages, handle) {
  usages = USAGES.filter((usage) => usages.includes(usage));
  return new CryptoKey(OURS, { type, extractable: Boolean(extractable), algorithm, usages, handle });
}

/** The slots of a key. */
export function slotsOf(key) {
  const slots = read(key);
  if (!slots) throw new TypeError('the key is not a CryptoKey');
  return slots;
}
