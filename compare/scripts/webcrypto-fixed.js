// Web Crypto with fixed keys: the same bytes of each algorithm that has nothing random in it.
// compare: exit, console
const bytes = (length, seed) => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 255);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const attempt = async (name, run) => {
  try {
    const value = await run();
    console.log(name, value instanceof ArrayBuffer ? hex(value) : JSON.stringify(value));
  } catch (error) {
    console.log(name, 'threw', error.name);
  }
};
const { subtle } = crypto;
const SIZES = [1, 15, 16, 17, 100];

const ec = {
  kty: 'EC', crv: 'P-256', ext: true,
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};
const d = '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE';

export default async function () {
  for (const bits of [128, 192, 256]) {
    for (const [name, more] of [['AES-CBC', { iv: bytes(16, 1) }], ['AES-CTR', { counter: bytes(16, 2), length: 128 }], ['AES-GCM', { iv: bytes(12, 3) }]]) {
      const key = await subtle.importKey('raw', bytes(bits / 8, 4), name, true, ['encrypt', 'decrypt']);
      for (const size of SIZES) await attempt(`${name} ${bits} ${size}`, () => subtle.encrypt({ name, ...more }, key, bytes(size, 5)));
    }
    const key = await subtle.importKey('raw', bytes(bits / 8, 4), 'AES-GCM', true, ['encrypt']);
    for (const tagLength of [96, 104, 112, 120, 128, 100]) {
      await attempt(`GCM tag ${tagLength}`, () => subtle.encrypt({ name: 'AES-GCM', iv: bytes(12, 1), additionalData: bytes(20, 6), tagLength }, key, bytes(20, 7)));
    }
  }
  const counter = await subtle.importKey('raw', bytes(16, 4), 'AES-CTR', true, ['encrypt']);
  for (const length of [0, 128, 129]) {
    await attempt(`counter of ${length}`, () => subtle.encrypt({ name: 'AES-CTR', counter: new Uint8Array(16).fill(255), length }, counter, bytes(40, 1)));
  }
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
    await attempt(`digest ${hash} of nothing`, () => subtle.digest(hash, new Uint8Array(0)));
    for (const size of [1, 64, 200]) {
      const key = await subtle.importKey('raw', bytes(size, 9), { name: 'HMAC', hash }, true, ['sign']);
      await attempt(`HMAC ${hash} ${size}`, () => subtle.sign('HMAC', key, bytes(50, 2)));
      await attempt(`HMAC ${hash} ${size} as JWK`, async () => (({ kty, alg, k, ext, key_ops }) => [kty, alg, k, ext, key_ops])(await subtle.exportKey('jwk', key)));
    }
  }
  const privateKey = await subtle.importKey('jwk', { ...ec, d }, { name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const publicKey = await subtle.importKey('jwk', ec, { name: 'ECDH', namedCurve: 'P-256' }, true, []);
  for (const length of [8, 128, 256]) await attempt(`ECDH ${length}`, () => subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, length));
  await attempt('raw point', () => subtle.exportKey('raw', publicKey));
  await attempt('spki', () => subtle.exportKey('spki', publicKey));
  await attempt('pkcs8', () => subtle.exportKey('pkcs8', privateKey));
  await attempt('jwk', async () => (({ kty, crv, x, y, d: secret }) => [kty, crv, x, y, secret])(await subtle.exportKey('jwk', privateKey)));
  const signed = await subtle.importKey('jwk', { ...ec, d }, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const known = await subtle.importKey('jwk', ec, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
  await attempt('ECDSA', async () => subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, known, await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signed, bytes(9, 1)), bytes(9, 1)));
  await attempt('ECDSA of nonsense', () => subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, known, bytes(64, 1), bytes(9, 1)));
  await attempt('ECDSA too short', () => subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, known, bytes(10, 1), bytes(9, 1)));
}
