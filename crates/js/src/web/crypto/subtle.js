// SubtleCrypto: Web Cryptography §14, over the algorithms of `schemes.js`.
import { idl, required } from 'internal:web/idl';
import { buffer, fail, membersOf, nameOf } from 'internal:web/crypto/algorithms';
import { makeKey, slotsOf, toUsages } from 'internal:web/crypto/key';
import { digest, SCHEMES } from 'internal:web/crypto/schemes';

/** Web Cryptography §18.4.4 "normalize an algorithm": the scheme, its name, how it does `operation`, and with what. */
function normalize(identifier, operation) {
  const given = nameOf(identifier);
  const name = Object.keys(SCHEMES).find((known) => known.toUpperCase() === given.toUpperCase());
  const how = SCHEMES[name]?.[operation];
  if (!how) fail('NotSupportedError', `${operation} is not supported for ${given}`);
  const params = how.params(membersOf(identifier));
  if (how.takesKey) params.public = slotsOf(params.public);
  return { name, scheme: SCHEMES[name], params, run: how.run };
}

/** The slots of a key that may be used so. */
function usable(key, name, usage) {
  const slots = slotsOf(key);
  if (slots.algorithm.name !== name) fail('InvalidAccessError', `the key is one for ${slots.algorithm.name}, not for ${name}`);
  if (!slots.usages.includes(usage)) fail('InvalidAccessError', `the key may not be used for ${usage}`);
  return slots;
}

function allowed(usages, known) {
  const other = usages.find((usage) => !known.includes(usage));
  if (other !== undefined) fail('SyntaxError', `a key of this kind can't be used for ${other}`);
}

function notEmpty(usages) {
  if (usages.length === 0) fail('SyntaxError', 'a secret or private key needs a usage');
}

const FORMATS = ['raw', 'spki', 'pkcs8', 'jwk'];

function format(value) {
  const name = String(value);
  if (!FORMATS.includes(name)) throw new TypeError(`${JSON.stringify(name)} is not a format of keys`);
  return name;
}

async function importAs(name, data, { scheme, params, run }, extractable, usages) {
  allowed(usages, scheme.usages);
  const key = await run(params, name, data, { extractable: Boolean(extractable), usages });
  if (scheme.publicUsages) allowed(usages, key.type === 'public' ? scheme.publicUsages : scheme.privateUsages);
  if (key.type !== 'public') notEmpty(usages);
  return makeKey(key.type, extractable, key.algorithm, usages, key.handle);
}

/** What a private, a public or a secret key can be asked for; anything else is a key of the wrong type. */
const TYPES = { sign: ['private', 'secret'], verify: ['public', 'secret'], encrypt: ['public', 'secret'], decrypt: ['private', 'secret'] };

async function perform(operation, algorithm, key, ...data) {
  const { name, params, run } = normalize(algorithm, operation);
  data.forEach((bytes) => buffer(bytes, 'the data'));
  const slots = usable(key, name, operation);
  if (!TYPES[operation].includes(slots.type)) fail('InvalidAccessError', `a ${slots.type} key is not one to ${operation} with`);
  return run(params, slots, ...data);
}

async function exportAs(name, key) {
  const slots = slotsOf(key);
  const how = SCHEMES[slots.algorithm.name].exportKey;
  if (!how) fail('NotSupportedError', `keys for ${slots.algorithm.name} can't be exported`);
  if (!slots.extractable) fail('InvalidAccessError', 'the key is not extractable');
  return how.run(name, slots);
}

export class SubtleCrypto {
  #ours = true;

  constructor(ours) {
    if (ours !== SubtleCrypto) throw new TypeError('Illegal constructor');
  }

  async encrypt(algorithm, key, data) {
    required(this.#ours && arguments.length, 3);
    return perform('encrypt', algorithm, key, data);
  }

  async decrypt(algorithm, key, data) {
    required(this.#ours && arguments.length, 3);
    return perform('decrypt', algorithm, key, data);
  }

  async sign(algorithm, key, data) {
    required(this.#ours && arguments.length, 3);
    return perform('sign', algorithm, key, data);
  }

  async verify(algorithm, key, signature, data) {
    required(this.#ours && arguments.length, 4);
    return perform('verify', algorithm, key, signature, data);
  }

  async digest(algorithm, data) {
    required(this.#ours && arguments.length, 2);
    return digest(algorithm, data);
  }

  async generateKey(algorithm, extractable, keyUsages) {
    required(this.#ours && arguments.length, 3);
    const usages = toUsages(keyUsages);
    const { scheme, params, run } = normalize(algorithm, 'generateKey');
    allowed(usages, scheme.usages);
    const privateUsages = usages.filter((usage) => (scheme.privateUsages ?? scheme.usages).includes(usage));
    notEmpty(privateUsages);
    const made = await run(params);
    if (made.handle) return makeKey('secret', extractable, made.algorithm, usages, made.handle);
    const publicUsages = usages.filter((usage) => scheme.publicUsages.includes(usage));
    return {
      privateKey: makeKey('private', extractable, made.algorithm, privateUsages, made.privateHandle),
      publicKey: makeKey('public', true, made.algorithm, publicUsages, made.publicHandle),
    };
  }

  async deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
    required(this.#ours && arguments.length, 5);
    const usages = toUsages(keyUsages);
    const { name, params, run } = normalize(algorithm, 'deriveBits');
    const imported = normalize(derivedKeyType, 'importKey');
    const length = normalize(derivedKeyType, 'getKeyLength');
    const slots = usable(baseKey, name, 'deriveKey');
    const secret = await run(params, slots, length.run(length.params));
    return importAs('raw', secret, imported, extractable, usages);
  }

  async deriveBits(algorithm, baseKey, length = null) {
    required(this.#ours && arguments.length, 2);
    const bits = length === null ? null : Number(length) >>> 0;
    const { name, params, run } = normalize(algorithm, 'deriveBits');
    return run(params, usable(baseKey, name, 'deriveBits'), bits);
  }

  async importKey(keyFormat, keyData, algorithm, extractable, keyUsages) {
    required(this.#ours && arguments.length, 5);
    const usages = toUsages(keyUsages);
    return importAs(format(keyFormat), keyData, normalize(algorithm, 'importKey'), extractable, usages);
  }

  async exportKey(keyFormat, key) {
    required(this.#ours && arguments.length, 2);
    return exportAs(format(keyFormat), key);
  }
}
idl(SubtleCrypto);

export const subtle = new SubtleCrypto(SubtleCrypto);
