// Buffers and views as the byte streams need them: Streams §8.3, with the language's own accessors whatever a script does.
import { apply } from 'internal:web/streams/promises';

const getter = (prototype, name) => {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name);
  return (object) => apply(get, object, []);
};
const { isView } = ArrayBuffer;
const Bytes = Uint8Array, Buffer = ArrayBuffer;
const typed = Object.getPrototypeOf(Bytes.prototype);
const typedName = getter(typed, Symbol.toStringTag);
const typedBuffer = getter(typed, 'buffer'), typedOffset = getter(typed, 'byteOffset');
const typedBytes = getter(typed, 'byteLength'), typedLength = getter(typed, 'length');
const viewBuffer = getter(DataView.prototype, 'buffer'), viewOffset = getter(DataView.prototype, 'byteOffset');
const viewBytes = getter(DataView.prototype, 'byteLength');
const detached = getter(Buffer.prototype, 'detached'), resizable = getter(Buffer.prototype, 'resizable');
const transferTo = Buffer.prototype.transferToFixedLength, setBytes = typed.set;

const CLASSES = { __proto__: null, DataView };
for (const Class of [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array,
  globalThis.Float16Array, Float32Array, Float64Array,
]) {
  if (Class !== undefined) CLASSES[Class.name] = Class;
}

export const bufferLength = getter(Buffer.prototype, 'byteLength');
export const isDetached = detached;

/**
 * Web IDL's `ArrayBufferView`: neither shared nor resizable. `length` counts elements.
 * @returns {{ buffer: ArrayBuffer, byteOffset: number, byteLength: number, length: number, elementSize: number, Class: Function }}
 */
export function toView(value) {
  if (!isView(value)) throw new TypeError('the chunk is not an ArrayBuffer view');
  const name = typedName(value);
  const isTyped = name !== undefined;
  const buffer = isTyped ? typedBuffer(value) : viewBuffer(value);
  // The accessor throws for a SharedArrayBuffer.
  if (resizable(buffer)) throw new TypeError('the view is of a resizable buffer');
  if (detached(buffer)) return { buffer, byteOffset: 0, byteLength: 0, length: 0, elementSize: 1, Class: Bytes };
  const Class = CLASSES[isTyped ? name : 'DataView'];
  const byteLength = isTyped ? typedBytes(value) : viewBytes(value);
  return {
    buffer,
    byteOffset: isTyped ? typedOffset(value) : viewOffset(value),
    byteLength,
    length: isTyped ? typedLength(value) : byteLength,
    elementSize: isTyped ? Class.BYTES_PER_ELEMENT : 1,
    Class,
  };
}

// TransferArrayBuffer
export const transfer = (buffer) => apply(transferTo, buffer, []);

export const newBuffer = (length) => new Buffer(length);
export const bytesAt = (buffer, offset, length) => new Bytes(buffer, offset, length);

// CopyDataBlockBytes
export function copyBytes(to, toOffset, from, fromOffset, length) {
  apply(setBytes, new Bytes(to, toOffset, length), [new Bytes(from, fromOffset, length)]);
}

// CloneArrayBuffer
export function cloneBuffer(buffer, offset, length) {
  const clone = new Buffer(length);
  copyBytes(clone, 0, buffer, offset, length);
  return clone;
}

// CloneAsUint8Array
export function cloneView(view) {
  const { buffer, byteOffset, byteLength } = toView(view);
  return new Bytes(cloneBuffer(buffer, byteOffset, byteLength));
}
