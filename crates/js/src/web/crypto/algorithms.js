// What algorithms are given by, as Web IDL and Web Cryptography §18.4 convert it.

/** Throws a DOMException. */
export function fail(name, message) {
  throw new DOMException(message, name);
}

const lengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get;

/** Web IDL `BufferSource`. */
export function buffer(value, what) {
  if (ArrayBuffer.isView(value)) return value;
  try {
    lengthOf.call(value);
  } catch {
    throw new TypeError(`${what} is not an ArrayBuffer or a view of one`);
  }
  return value;
}

/** A member that must be there. */
export function member(dictionary, name) {
  const value = dictionary[name];
  if (value === undefined) throw new TypeError(`the algorithm has no ${name}`);
  return value;
}

/** Web IDL `[EnforceRange]`, unsigned. */
export function unsigned(value, most, what) {
  const number = Math.trunc(Number(value));
  if (!(number >= 0 && number <= most)) throw new TypeError(`${what} is not a number from 0 to ${most}`);
  return number;
}

const HASHES = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

/** The name of a hash. */
export function hash(identifier) {
  const name = nameOf(identifier);
  return HASHES.find((known) => known === name.toUpperCase()) ?? fail('NotSupportedError', `${name} is not a hash that is supported`);
}

/** The hash in an algorithm. */
export const hashIn = (algorithm) => hash(member(algorithm, 'hash'));

/** Web IDL `AlgorithmIdentifier`. */
export function nameOf(identifier) {
  if (typeof identifier === 'object' && identifier !== null) return String(member(identifier, 'name'));
  if (identifier === undefined || identifier === null) throw new TypeError('no algorithm is given');
  return String(identifier);
}

/** The members of an algorithm; a name alone has none. */
export const membersOf = (identifier) => (typeof identifier === 'object' ? identifier : {});
