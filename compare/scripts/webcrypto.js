// Web Crypto as k6 has it: digests, secret keys, key pairs, signatures, agreements, formats.
// compare: exit, console
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (text) => Uint8Array.from(text.split(''), (char) => char.charCodeAt(0));
const attempt = async (name, run) => {
  try {
    console.log(name, JSON.stringify(await run()));
  } catch (error) {
    console.log(name, 'threw', error.name);
  }
};
const data = bytes('the quick brown fox jumps over the lazy dog');

export default async function () {
  const { subtle } = crypto;
  const secret = (name, usages) => subtle.importKey('raw', new Uint8Array(32), name, true, usages);
  for (const hash of ['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512']) {
    await attempt(`digest ${hash.name ?? hash}`, async () => hex(await subtle.digest(hash, data)));
  }
  await attempt('digest MD5', () => subtle.digest('MD5', data));

  for (const [name, more] of [['AES-CBC', { iv: new Uint8Array(16) }], ['AES-CTR', { counter: new Uint8Array(16), length: 64 }], ['AES-GCM', { iv: new Uint8Array(12) }]]) {
    await attempt(name, async () => {
      const key = await secret(name, ['encrypt', 'decrypt']);
      const sealed = await subtle.encrypt({ name, ...more }, key, data);
      return [hex(sealed), hex(await subtle.decrypt({ name, ...more }, key, sealed)), key.type, key.extractable, key.usages];
    });
    await attempt(`${name} as JWK`, async () => {
      const { kty, k, alg, ext, key_ops } = await subtle.exportKey('jwk', await secret(name, ['encrypt']));
      return [kty, k, alg, ext, key_ops];
    });
    await attempt(`${name} of 100 bits`, () => subtle.generateKey({ name, length: 100 }, true, ['encrypt']));
    await attempt(`${name} to sign`, () => subtle.generateKey({ name, length: 128 }, true, ['sign']));
    await attempt(`${name} for nothing`, () => subtle.generateKey({ name, length: 128 }, true, []));
    await attempt(`${name} without its usage`, async () => subtle.decrypt({ name, ...more }, await secret(name, ['encrypt']), data));
  }
  await attempt('another algorithm', async () => subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, await secret('AES-GCM', ['encrypt']), data));
  await attempt('a broken tag', async () => subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, await secret('AES-GCM', ['decrypt']), data));
  await attempt('a short key', () => subtle.importKey('raw', new Uint8Array(5), 'AES-GCM', true, ['encrypt']));
  await attempt('an unknown algorithm', () => subtle.generateKey({ name: 'NONE', length: 128 }, true, ['sign']));

  await attempt('HMAC', async () => {
    const key = await subtle.importKey('raw', data, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
    const mac = await subtle.sign('HMAC', key, data);
    return [hex(mac), await subtle.verify('HMAC', key, mac, data), await subtle.verify('HMAC', key, mac, bytes('else'))];
  });
  await attempt('not extractable', async () => subtle.exportKey('raw', await subtle.generateKey({ name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])));

  for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
    await attempt(`ECDSA ${namedCurve}`, async () => {
      const algorithm = { name: 'ECDSA', namedCurve };
      const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const how = { name: 'ECDSA', hash: { name: 'SHA-512' } };
      const signature = await subtle.sign(how, pair.privateKey, data);
      const shown = [signature.byteLength, pair.publicKey.usages, pair.privateKey.usages, pair.publicKey.type];
      for (const format of ['raw', 'spki', 'jwk']) {
        const key = await subtle.importKey(format, await subtle.exportKey(format, pair.publicKey), algorithm, true, ['verify']);
        shown.push(await subtle.verify(how, key, signature, data));
      }
      for (const format of ['pkcs8', 'jwk']) {
        const key = await subtle.importKey(format, await subtle.exportKey(format, pair.privateKey), algorithm, true, ['sign']);
        shown.push(await subtle.verify(how, pair.publicKey, await subtle.sign(how, key, data), data));
      }
      return shown;
    });
    await attempt(`ECDH ${namedCurve}`, async () => {
      const [one, other] = [await subtle.generateKey({ name: 'ECDH', namedCurve }, true, ['deriveKey', 'deriveBits']),
        await subtle.generateKey({ name: 'ECDH', namedCurve }, true, ['deriveKey', 'deriveBits'])];
      const mine = await subtle.deriveBits({ name: 'ECDH', public: other.publicKey }, one.privateKey, 256);
      const theirs = await subtle.deriveBits({ name: 'ECDH', public: one.publicKey }, other.privateKey, 256);
      return [mine.byteLength, hex(mine) === hex(theirs)];
    });
  }

  for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS']) {
    await attempt(name, async () => {
      const algorithm = { name, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: { name: 'SHA-256' } };
      const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const how = { name, saltLength: 32 };
      const signature = await subtle.sign(how, pair.privateKey, data);
      const shown = [signature.byteLength, pair.publicKey.algorithm.modulusLength];
      for (const format of ['spki']) {
        const key = await subtle.importKey(format, await subtle.exportKey(format, pair.publicKey), algorithm, true, ['verify']);
        shown.push(await subtle.verify(how, key, signature, data));
      }
      const key = await subtle.importKey('pkcs8', await subtle.exportKey('pkcs8', pair.privateKey), algorithm, true, ['sign']);
      shown.push(await subtle.verify(how, pair.publicKey, await subtle.sign(how, key, data), data));
      return shown;
    });
  }
  await attempt('RSA-OAEP', async () => {
    const algorithm = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-1' };
    const pair = await subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
    const how = { name: 'RSA-OAEP', label: bytes('label') };
    return hex(await subtle.decrypt(how, pair.privateKey, await subtle.encrypt(how, pair.publicKey, data)));
  });
}
