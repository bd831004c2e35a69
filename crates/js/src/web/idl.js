// What Web IDL asks of every interface, and the door to the natives. First of the halves to run.

const key = Symbol.for('sockeye.native');

/** The native halves. Taken off the global object before any script could look. */
export const native = globalThis[key];
delete globalThis[key];

const { defineProperty, getOwnPropertyNames } = Object;
const enumerable = { enumerable: true };

/** Makes the members of an interface what Web IDL §3.7 says: enumerable, and the prototype tagged with its name. */
export function idl(Class, name = Class.name) {
  for (const member of getOwnPropertyNames(Class)) {
    if (member !== 'length' && member !== 'name' && member !== 'prototype') {
      defineProperty(Class, member, enumerable);
    }
  }
  const { prototype } = Class;
  for (const member of getOwnPropertyNames(prototype)) {
    if (member !== 'constructor') defineProperty(prototype, member, enumerable);
  }
  defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/** Defines constants on the interface object and on its prototype (Web IDL §3.7.3). */
export function constants(Class, values) {
  for (const name in values) {
    const constant = { value: values[name], enumerable: true };
    defineProperty(Class, name, constant);
    defineProperty(Class.prototype, name, constant);
  }
}

/** Puts a value on the global object as built-ins are there: writable, configurable, not enumerable. */
export function expose(name, value) {
  defineProperty(globalThis, name, { value, writable: true, configurable: true });
}

/** An interface that scripts see: its members made enumerable, its constructor made global. */
export function publish(...classes) {
  for (const Class of classes) {
    idl(Class);
    expose(Class.name, Class);
  }
}

/** Web IDL: an operation called with fewer arguments than it requires. */
export function required(given, count) {
  if (given < count) {
    throw new TypeError(`${count} argument${count === 1 ? '' : 's'} required, but only ${given} present`);
  }
}

/** Web IDL's conversion to a dictionary: `undefined` and `null` are the empty one, other primitives a TypeError. */
export function dictionary(value) {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' || typeof value === 'function') return value;
  throw new TypeError('value is not an object');
}
