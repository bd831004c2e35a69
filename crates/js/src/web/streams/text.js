// TextEncoderStream and TextDecoderStream: Encoding §7.5 and §7.6. Runs when a script first looks for one of them (`lazy.rs`).
import { expose, idl } from 'internal:web/idl';
import { resolvedWith } from 'internal:web/streams/promises';
import { createTransform } from 'internal:web/streams/transform';

const { TextDecoder, TextEncoder, TypeError } = globalThis;
const { bind, call } = Function.prototype;
const uncurry = bind.bind(call);
const encode = uncurry(TextEncoder.prototype.encode, new TextEncoder());
const decode = uncurry(TextDecoder.prototype.decode);
const { charCodeAt, slice } = String.prototype;
const codeUnit = uncurry(charCodeAt);
const part = uncurry(slice);

const isHighSurrogate = (code) => code >= 0xD800 && code <= 0xDBFF;

export class TextEncoderStream {
  #record;

  constructor() {
    /** The first half of a pair whose second half the next chunk may begin with. */
    let half = '';
    const record = this.#record = createTransform({
      // "encode and enqueue a chunk"
      transform(chunk) {
        let text = half + toText(chunk);
        half = '';
        const last = text.length - 1;
        if (last >= 0 && isHighSurrogate(codeUnit(text, last))) {
          half = part(text, last);
          text = part(text, 0, last);
        }
        if (text !== '') record.enqueue(encode(text));
        return resolvedWith(undefined);
      },
      // "encode and flush"
      flush() {
        if (half !== '') record.enqueue(encode(half));
        return resolvedWith(undefined);
      },
    });
  }

  get encoding() { this.#record; return 'utf-8'; }
  get readable() { return this.#record.readable.object; }
  get writable() { return this.#record.writable.object; }
}

export class TextDecoderStream {
  #record;
  #about;

  constructor(label = 'utf-8', options = undefined) {
    const decoder = new TextDecoder(label, options);
    const { encoding, fatal, ignoreBOM } = decoder;
    this.#about = { encoding, fatal, ignoreBOM };
    const record = this.#record = createTransform({
      // "decode and enqueue a chunk"
      transform(chunk) {
        // Which is no input to `decode`, and an error here.
        if (chunk === undefined) throw new TypeError('a chunk is not an ArrayBuffer or a view');
        const text = decode(decoder, chunk, STREAM);
        if (text !== '') record.enqueue(text);
        return resolvedWith(undefined);
      },
      // "flush and enqueue"
      flush() {
        const text = decode(decoder);
        if (text !== '') record.enqueue(text);
        return resolvedWith(undefined);
      },
    });
  }

  get encoding() { return this.#about.encoding; }
  get fatal() { return this.#about.fatal; }
  get ignoreBOM() { return this.#about.ignoreBOM; }
  get readable() { return this.#record.readable.object; }
  get writable() { return this.#record.writable.object; }
}

/** Web IDL's conversion to `DOMString`: a symbol throws. */
const toText = (chunk) => `${chunk}`;
const STREAM = { __proto__: null, stream: true };

for (const Class of [TextDecoderStream, TextEncoderStream]) {
  idl(Class);
  expose(Class.name, Class);
}
