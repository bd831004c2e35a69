// The algorithms: what each can do, with which parameters, over the natives of `operations.rs`. `usages` are those of secret
// keys, or of the public and of the private one. Web Cryptography §20 to §34.
import { native } from 'internal:web/idl';
import { buffer, fail, hash, hashIn, member, unsigned } from 'internal:web/crypto/algorithms';
import { check, decode, encode } from 'internal:web/crypto/jwk';

const operate = native.crypto;
const none = () => ({});
const unsupported = (format) => fail('NotSupportedError', `keys of this kind have no format ${format}`);

/** A secret key from its bytes, or from a JWK of the kind `oct`. */
async function importSecret(format, data, jwk) {
  if (format === 'raw') return buffer(data, 'the key');
  if (format !== 'jwk') unsupported(format);
  check(data, { kty: 'oct', ...jwk });
  return decode(data, 'k');
}

async function exportSecret(format, key, alg) {
  const bytes = await operate('secret.export', key.handle);
  if (format === 'raw') return bytes;
  if (format !== 'jwk') unsupported(format);
  return { alg, ext: key.extractable, k: encode(bytes), key_ops: key.usages, kty: 'oct' };
}

function aes(name, mode, modeParams, run) {
  const length = (algorithm) => ({ length: unsigned(member(algorithm, 'length'), 0xffff, 'length') });
  const known = (bits, error) => [128, 192, 256].includes(bits) || fail(error, 'an AES key has 128, 192 or 256 bits');
  const crypt = (isEncryption) => ({
    params: modeParams,
    run: (params, key, data) => run(isEncryption, params, key.handle, data),
  });
  return {
    usages: mode === 'KW' ? ['wrapKey', 'unwrapKey'] : ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
    generateKey: {
      params: length,
      async run({ length }) {
        known(length, 'OperationError');
        return { type: 'secret', algorithm: { name, length }, handle: await operate('secret.random', length) };
      },
    },
    getKeyLength: {
      params: length,
      run({ length }) {
        known(length, 'OperationError');
        return length;
      },
    },
    importKey: {
      params: none,
      async run(_, format, data, jwk) {
        const bytes = await importSecret(format, data, { ...jwk, use: 'enc' });
        const length = bytes.byteLength * 8;
        known(length, 'DataError');
        if (format === 'jwk' && data.alg !== undefined && data.alg !== `A${length}${mode}`) {
          fail('DataError', `the key's alg is not A${length}${mode}`);
        }
        return { type: 'secret', algorithm: { name, length }, handle: await operate('secret.import', bytes) };
      },
    },
    exportKey: { run: (format, key) => exportSecret(format, key, `A${key.algorithm.length}${mode}`) },
    ...(run && { encrypt: crypt(true), decrypt: crypt(false) }),
  };
}

const block = (value, what) => {
  if (buffer(value, what).byteLength !== 16) fail('OperationError', `${what} is not 16 bytes long`);
  return value;
};

const TAGS = [32, 64, 96, 104, 112, 120, 128];

const aesCbc = aes('AES-CBC', 'CBC',
  (algorithm) => ({ iv: buffer(member(algorithm, 'iv'), 'the iv') }),
  (isEncryption, { iv }, key, data) => operate('aes.cbc', isEncryption, key, block(iv, 'the iv'), data));

const aesCtr = aes('AES-CTR', 'CTR',
  (algorithm) => ({
    counter: buffer(member(algorithm, 'counter'), 'the counter'),
    bits: unsigned(member(algorithm, 'length'), 255, 'length'),
  }),
  (isEncryption, { counter, bits }, key, data) => {
    if (bits < 1 || bits > 128) fail('OperationError', 'the length of the counter is not from 1 to 128');
    return operate('aes.ctr', isEncryption, key, block(counter, 'the counter'), bits, data);
  });

const aesGcm = aes('AES-GCM', 'GCM',
  (algorithm) => ({
    iv: buffer(member(algorithm, 'iv'), 'the iv'),
    additional: algorithm.additionalData === undefined ? undefined : buffer(algorithm.additionalData, 'additionalData'),
    tag: algorithm.tagLength === undefined ? 128 : unsigned(algorithm.tagLength, 255, 'tagLength'),
  }),
  (isEncryption, { iv, additional, tag }, key, data) => {
    if (!TAGS.includes(tag)) fail('OperationError', `a tag can't have ${tag} bits`);
    return operate('aes.gcm', isEncryption, key, iv, additional, tag, data);
  });

const aesKw = aes('AES-KW', 'KW');

const BLOCK_BITS = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };
const shaBits = (name) => name.slice(4);

const hmacParams = (algorithm) => ({
  hash: hashIn(algorithm),
  length: algorithm.length === undefined ? undefined : unsigned(algorithm.length, 0xffffffff, 'length'),
});
const hmacLength = ({ hash, length }) => (length === 0 ? fail('OperationError', 'a key of no bits') : length ?? BLOCK_BITS[hash]);

const hmac = {
  usages: ['sign', 'verify'],
  generateKey: {
    params: hmacParams,
    async run(params) {
      const length = hmacLength(params);
      if (length > 1 << 20) fail('OperationError', 'a key of more than a million bits');
      const algorithm = { name: 'HMAC', length, hash: { name: params.hash } };
      return { type: 'secret', algorithm, handle: await operate('secret.random', length) };
    },
  },
  getKeyLength: { params: hmacParams, run: hmacLength },
  importKey: {
    params: hmacParams,
    async run({ hash, length }, format, data, jwk) {
      const bytes = await importSecret(format, data, { ...jwk, use: 'sig', alg: `HS${shaBits(hash)}` });
      const bits = bytes.byteLength * 8;
      if (bits === 0) fail('DataError', 'the key is empty');
      if (length !== undefined && (length > bits || length <= bits - 8)) fail('DataError', `the key does not have ${length} bits`);
      const algorithm = { name: 'HMAC', length: length ?? bits, hash: { name: hash } };
      return { type: 'secret', algorithm, handle: await operate('secret.import', bytes) };
    },
  },
  exportKey: { run: (format, key) => exportSecret(format, key, `HS${shaBits(key.algorithm.hash.name)}`) },
  sign: { params: none, run: (_, key, data) => operate('hash.sign', key.algorithm.hash.name, key.handle, data) },
  verify: {
    params: none,
    run: (_, key, signature, data) => operate('hash.verify', key.algorithm.hash.name, key.handle, signature, data),
  },
};

/** PBKDF2 and HKDF: keys that others are made of. */
const derivation = (name, params, run) => ({
  usages: ['deriveKey', 'deriveBits'],
  getKeyLength: { params: none, run: () => null },
  importKey: {
    params: none,
    async run(_, format, data, { extractable }) {
      if (format !== 'raw') unsupported(format);
      if (extractable) fail('SyntaxError', `a key for ${name} is not extractable`);
      return { type: 'secret', algorithm: { name }, handle: await operate('secret.import', buffer(data, 'the key')) };
    },
  },
  deriveBits: {
    params,
    run(params, key, length) {
      if (length === null || length === 0 || length % 8 !== 0) fail('OperationError', 'the length is not a multiple of 8, or 0');
      return run(params, key.handle, length);
    },
  },
});

const pbkdf2 = derivation('PBKDF2',
  (algorithm) => ({
    hash: hashIn(algorithm),
    iterations: unsigned(member(algorithm, 'iterations'), 0xffffffff, 'iterations'),
    salt: buffer(member(algorithm, 'salt'), 'the salt'),
  }),
  ({ hash, iterations, salt }, key, length) => {
    if (iterations === 0) fail('OperationError', 'no iterations');
    return operate('hash.pbkdf2', hash, key, salt, iterations, length);
  });

const hkdf = derivation('HKDF',
  (algorithm) => ({
    hash: hashIn(algorithm),
    info: buffer(member(algorithm, 'info'), 'info'),
    salt: buffer(member(algorithm, 'salt'), 'the salt'),
  }),
  ({ hash, info, salt }, key, length) => operate('hash.hkdf', hash, key, salt, info, length));

const CURVES = ['P-256', 'P-384', 'P-521'];
const curveParams = (algorithm) => ({ namedCurve: String(member(algorithm, 'namedCurve')) });
const knownCurve = (name) => CURVES.includes(name) || fail('NotSupportedError', `the curve ${name} is not supported`);

const elliptic = (name, publicUsages, privateUsages, more) => ({
  usages: [...privateUsages, ...publicUsages],
  publicUsages,
  privateUsages,
  generateKey: {
    params: curveParams,
    async run({ namedCurve }) {
      knownCurve(namedCurve);
      const [privateHandle, publicHandle] = await operate('ec.generate', namedCurve);
      return { algorithm: { name, namedCurve }, privateHandle, publicHandle };
    },
  },
  importKey: {
    params: curveParams,
    async run({ namedCurve }, format, data, jwk) {
      knownCurve(namedCurve);
      let parts = [data];
      let type = format === 'pkcs8' ? 'private' : 'public';
      if (format === 'jwk') {
        check(data, { kty: 'EC', use: name === 'ECDH' ? 'enc' : 'sig', ...jwk });
        if (data.crv !== namedCurve) fail('DataError', `the key's crv is not ${namedCurve}`);
        type = data.d === undefined ? 'public' : 'private';
        parts = (type === 'private' ? ['x', 'y', 'd'] : ['x', 'y']).map((part) => decode(data, part));
      } else {
        buffer(data, 'the key');
      }
      return { type, algorithm: { name, namedCurve }, handle: await operate('ec.import', namedCurve, format, ...parts) };
    },
  },
  exportKey: {
    async run(format, key) {
      if (format !== 'jwk') {
        if ((format === 'pkcs8') !== (key.type === 'private')) fail('InvalidAccessError', `a ${key.type} key has no format ${format}`);
        return operate('ec.export', format, key.handle);
      }
      const [x, y, d] = (await operate('ec.export', format, key.handle)).map(encode);
      const { namedCurve } = key.algorithm;
      return { crv: namedCurve, ...(d && { d }), ext: key.extractable, key_ops: key.usages, kty: 'EC', x, y };
    },
  },
  ...more,
});

const ecdsaParams = (algorithm) => ({ hash: hashIn(algorithm) });

const ecdsa = elliptic('ECDSA', ['verify'], ['sign'], {
  sign: { params: ecdsaParams, run: ({ hash }, key, data) => operate('ec.sign', hash, key.handle, data) },
  verify: {
    params: ecdsaParams,
    run: ({ hash }, key, signature, data) => operate('ec.verify', hash, key.handle, signature, data),
  },
});

const ecdh = elliptic('ECDH', [], ['deriveKey', 'deriveBits'], {
  deriveBits: {
    params: (algorithm) => ({ public: member(algorithm, 'public') }),
    takesKey: true,
    async run({ public: other }, key, length) {
      if (key.type !== 'private') fail('InvalidAccessError', 'the key is not private');
      if (other.type !== 'public') fail('InvalidAccessError', 'the other key is not public');
      if (other.algorithm.name !== 'ECDH' || other.algorithm.namedCurve !== key.algorithm.namedCurve) {
        fail('InvalidAccessError', 'the keys are not of one kind');
      }
      const secret = await operate('ec.agree', key.handle, other.handle);
      if (length === null) return secret;
      if (length === 0 || length > secret.byteLength * 8) fail('OperationError', `the keys do not give ${length} bits`);
      const bits = new Uint8Array(secret.slice(0, Math.ceil(length / 8)));
      if (length % 8 !== 0) bits[bits.length - 1] &= 0xff << (8 - (length % 8));
      return bits.buffer;
    },
  },
});

const RSA_PARTS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

/** A number's bytes as a JWK, and a publicExponent, have them. */
const bitsOf = (bytes) => (bytes.length === 0 ? 0 : bytes.length * 8 - Math.clz32(bytes[0]) + 24);

const rsa = (name, use, algOf, publicUsages, privateUsages, more) => {
  const algorithmOf = async (handle, hash) => {
    const [n, e] = (await operate('rsa.export', 'jwk', handle)).map((part) => new Uint8Array(part));
    return { name, modulusLength: bitsOf(n), publicExponent: e, hash: { name: hash } };
  };
  return {
    usages: [...privateUsages, ...publicUsages],
    publicUsages,
    privateUsages,
    generateKey: {
      params: (algorithm) => ({
        bits: unsigned(member(algorithm, 'modulusLength'), 0xffffffff, 'modulusLength'),
        exponent: buffer(member(algorithm, 'publicExponent'), 'publicExponent'),
        hash: hashIn(algorithm),
      }),
      async run({ bits, exponent, hash }) {
        const [privateHandle, publicHandle] = await operate('rsa.generate', bits, exponent);
        return { algorithm: await algorithmOf(publicHandle, hash), privateHandle, publicHandle };
      },
    },
    importKey: {
      params: (algorithm) => ({ hash: hashIn(algorithm) }),
      async run({ hash }, format, data, jwk) {
        if (format === 'raw') unsupported(format);
        let parts = [data];
        let type = format === 'pkcs8' ? 'private' : 'public';
        if (format === 'jwk') {
          check(data, { kty: 'RSA', use, alg: algOf(hash), ...jwk });
          type = data.d === undefined ? 'public' : 'private';
          parts = RSA_PARTS.slice(0, type === 'private' ? 5 : 2).map((part) => decode(data, part));
        } else {
          buffer(data, 'the key');
        }
        const handle = await operate('rsa.import', format, ...parts);
        return { type, algorithm: await algorithmOf(handle, hash), handle };
      },
    },
    exportKey: {
      async run(format, key) {
        if (format === 'raw') unsupported(format);
        if (format !== 'jwk') {
          if ((format === 'pkcs8') !== (key.type === 'private')) fail('InvalidAccessError', `a ${key.type} key has no format ${format}`);
          return operate('rsa.export', format, key.handle);
        }
        const parts = (await operate('rsa.export', format, key.handle)).map(encode);
        const alg = algOf(key.algorithm.hash.name);
        const jwk = { alg, ext: key.extractable, key_ops: key.usages, kty: 'RSA' };
        parts.forEach((part, index) => { jwk[RSA_PARTS[index]] = part; });
        return jwk;
      },
    },
    ...more,
  };
};

const signing = (name, alg, params) => rsa(name, 'sig', alg, ['verify'], ['sign'], {
  sign: {
    params,
    run: ({ salt }, key, data) => operate('rsa.sign', salt !== undefined, salt ?? 0, key.algorithm.hash.name, key.handle, data),
  },
  verify: {
    params,
    run: ({ salt }, key, signature, data) =>
      operate('rsa.verify', salt !== undefined, salt ?? 0, key.algorithm.hash.name, key.handle, signature, data),
  },
});

const oaepCrypt = (operation) => ({
  params: (algorithm) => ({ label: algorithm.label === undefined ? undefined : buffer(algorithm.label, 'the label') }),
  run: ({ label }, key, data) => operate(operation, key.algorithm.hash.name, label, key.handle, data),
});

export const SCHEMES = {
  'AES-CBC': aesCbc,
  'AES-CTR': aesCtr,
  'AES-GCM': aesGcm,
  'AES-KW': aesKw,
  ECDH: ecdh,
  ECDSA: ecdsa,
  HKDF: hkdf,
  HMAC: hmac,
  PBKDF2: pbkdf2,
  'RSA-OAEP': rsa('RSA-OAEP', 'enc', (sha) => (sha === 'SHA-1' ? 'RSA-OAEP' : `RSA-OAEP-${shaBits(sha)}`),
    ['encrypt', 'wrapKey'], ['decrypt', 'unwrapKey'],
    { encrypt: oaepCrypt('rsa.encrypt'), decrypt: oaepCrypt('rsa.decrypt') }),
  'RSA-PSS': signing('RSA-PSS', (sha) => `PS${shaBits(sha)}`,
    (algorithm) => ({ salt: unsigned(member(algorithm, 'saltLength'), 0xffffffff, 'saltLength') })),
  'RSASSA-PKCS1-v1_5': signing('RSASSA-PKCS1-v1_5', (sha) => `RS${shaBits(sha)}`, none),
};

/** The hash of data. */
export const digest = (algorithm, data) => operate('hash.digest', hash(algorithm), buffer(data, 'the data'));
