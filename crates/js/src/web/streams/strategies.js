// CountQueuingStrategy and ByteLengthQueuingStrategy: Streams §7.
import { idl, required } from 'internal:web/idl';
import { toDictionary } from 'internal:web/streams/promises';

// Methods of an object, since a function that Web IDL makes is no constructor.
const { size: count } = { size() { return 1; } };
const { size: byteLength } = { size(chunk) { return chunk.byteLength; } };

/** `QueuingStrategyInit` */
function highWaterMark(count, init) {
  required(count, 1);
  const value = toDictionary(init, 'init')?.highWaterMark;
  if (value === undefined) throw new TypeError('highWaterMark is required');
  return +value;
}

export class CountQueuingStrategy {
  #highWaterMark;

  constructor(init) { this.#highWaterMark = highWaterMark(arguments.length, init); }

  get highWaterMark() { return this.#highWaterMark; }
  get size() { this.#highWaterMark; return count; }
}

export class ByteLengthQueuingStrategy {
  #highWaterMark;

  constructor(init) { this.#highWaterMark = highWaterMark(arguments.length, init); }

  get highWaterMark() { return this.#highWaterMark; }
  get size() { this.#highWaterMark; return byteLength; }
}

idl(CountQueuingStrategy);
idl(ByteLengthQueuingStrategy);
