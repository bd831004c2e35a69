const { subtle } = crypto;
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (text) => new TextEncoder().encode(text);
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const rejects = async (name, run) => {
  try {
    await run();
  } catch (error) {
    same(typeof name === 'string' ? error.name : error instanceof name, typeof name === 'string' ? name : true, `${error}`);
    return;
  }
  throw new Error(`${name} was not thrown by ${run}`);
};

same(crypto.subtle, subtle);
same(Object.prototype.toString.call(subtle), '[object SubtleCrypto]');
throws(TypeError, () => new SubtleCrypto());
throws(TypeError, () => new CryptoKey());
await rejects(TypeError, () => SubtleCrypto.prototype.digest.call({}, 'SHA-1', bytes('')));
await rejects(TypeError, () => subtle.digest());
await rejects(TypeError, () => subtle.digest('SHA-1', 'text'));
await rejects('NotSupportedError', () => subtle.digest('MD5', bytes('')));

// FIPS 180-4.
same(hex(await subtle.digest('sha-1', bytes('abc'))), 'a9993e364706816aba3e25717850c26c9cd0d89d');
same(hex(await subtle.digest({ name: 'SHA-256' }, bytes('abc').buffer)), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
same((await subtle.digest('SHA-384', new Uint8Array(300000))).byteLength, 48);

// HMAC: RFC 4231, test case 2.
const hmacKey = await subtle.importKey('raw', bytes('Jefe'), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
alike([hmacKey.type, hmacKey.extractable, hmacKey.algorithm, hmacKey.usages], ['secret', true, { name: 'HMAC', length: 32, hash: { name: 'SHA-256' } }, ['sign', 'verify']]);
const mac = await subtle.sign('HMAC', hmacKey, bytes('what do ya want for nothing?'));
same(hex(mac), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
same(await subtle.verify('HMAC', hmacKey, mac, bytes('what do ya want for nothing?')), true);
same(await subtle.verify('HMAC', hmacKey, mac, bytes('what?')), false);
same(await subtle.verify('HMAC', hmacKey, mac.slice(1), bytes('what do ya want for nothing?')), false);
alike(await subtle.exportKey('jwk', hmacKey), { alg: 'HS256', ext: true, k: 'SmVmZQ', key_ops: ['sign', 'verify'], kty: 'oct' });
const made = await subtle.generateKey({ name: 'hmac', hash: { name: 'SHA-512' } }, false, ['verify', 'sign', 'sign']);
alike([made.algorithm, made.usages, made.extractable], [{ name: 'HMAC', length: 1024, hash: { name: 'SHA-512' } }, ['sign', 'verify'], false]);
await rejects('InvalidAccessError', () => subtle.exportKey('raw', made));
await rejects('SyntaxError', () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-1' }, true, []));
await rejects('SyntaxError', () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-1' }, true, ['encrypt']));
await rejects('DataError', () => subtle.importKey('raw', new Uint8Array(0), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']));
await rejects(TypeError, () => subtle.importKey('raw', bytes('a'), 'HMAC', true, ['sign']));
await rejects(TypeError, () => subtle.importKey('der', bytes('a'), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']));
await rejects(TypeError, () => subtle.importKey('raw', bytes('a'), { name: 'HMAC', hash: 'SHA-1' }, true, ['guess']));

// AES: NIST SP 800-38A F.2.1 and F.5.1, and the GCM specification's test case 4 with its additional data.
const sp800 = unhex('2b7e151628aed2a6abf7158809cf4f3c');
const first = unhex('6bc1bee22e409f96e93d7e117393172a');
const cbcKey = await subtle.importKey('raw', sp800, 'AES-CBC', true, ['encrypt', 'decrypt']);
const cbc = { name: 'AES-CBC', iv: unhex('000102030405060708090a0b0c0d0e0f') };
const cbcText = await subtle.encrypt(cbc, cbcKey, first);
same(hex(cbcText).slice(0, 32), '7649abac8119b246cee98e9b12e9197d');
same(hex(await subtle.decrypt(cbc, cbcKey, cbcText)), hex(first));
await rejects('OperationError', () => subtle.decrypt(cbc, cbcKey, cbcText.slice(16)));
await rejects('OperationError', () => subtle.decrypt(cbc, cbcKey, new Uint8Array(5)));
await rejects('OperationError', () => subtle.encrypt({ ...cbc, iv: new Uint8Array(5) }, cbcKey, first));
await rejects('InvalidAccessError', () => subtle.encrypt({ name: 'AES-CTR', counter: cbc.iv, length: 64 }, cbcKey, first));
alike(await subtle.exportKey('jwk', cbcKey), { alg: 'A128CBC', ext: true, k: 'K34VFiiu0qar9xWICc9PPA', key_ops: ['encrypt', 'decrypt'], kty: 'oct' });
const ctrKey = await subtle.importKey('jwk', { kty: 'oct', k: 'K34VFiiu0qar9xWICc9PPA', alg: 'A128CTR' }, 'AES-CTR', false, ['encrypt', 'decrypt']);
const ctr = { name: 'AES-CTR', counter: unhex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), length: 128 };
const ctrText = await subtle.encrypt(ctr, ctrKey, unhex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51'));
same(hex(ctrText), '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff');
same(hex(await subtle.decrypt({ ...ctr, length: 100 }, ctrKey, ctrText)).slice(0, 64), '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');
await rejects('OperationError', () => subtle.encrypt({ ...ctr, length: 1 }, ctrKey, new Uint8Array(33)));
await rejects('OperationError', () => subtle.encrypt({ ...ctr, length: 0 }, ctrKey, first));
const gcmKey = await subtle.importKey('raw', unhex('feffe9928665731c6d6a8f9467308308'), 'AES-GCM', false, ['encrypt', 'decrypt']);
const gcm = { name: 'AES-GCM', iv: unhex('cafebabefacedbaddecaf888'), additionalData: unhex('feedfacedeadbeeffeedfacedeadbeefabaddad2') };
const plain = unhex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39');
const gcmText = await subtle.encrypt(gcm, gcmKey, plain);
same(hex(gcmText), '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47');
for (const tagLength of [32, 96, 104, 128]) {
  const sealed = await subtle.encrypt({ ...gcm, tagLength }, gcmKey, plain);
  same(sealed.byteLength, plain.length + tagLength / 8);
  same(hex(await subtle.decrypt({ ...gcm, tagLength }, gcmKey, sealed)), hex(plain));
  new Uint8Array(sealed)[sealed.byteLength - 1] ^= 1;
  await rejects('OperationError', () => subtle.decrypt({ ...gcm, tagLength }, gcmKey, sealed));
}
await rejects('OperationError', () => subtle.encrypt({ ...gcm, tagLength: 33 }, gcmKey, plain));
await rejects('OperationError', () => subtle.decrypt(gcm, gcmKey, new Uint8Array(3)));
same((await subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(16) }, gcmKey, plain)).byteLength, 76);
await rejects('NotSupportedError', () => subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(7) }, gcmKey, plain));
for (const length of [128, 192, 256]) {
  const key = await subtle.generateKey({ name: 'AES-GCM', length }, true, ['encrypt', 'decrypt']);
  alike(key.algorithm, { name: 'AES-GCM', length });
  same((await subtle.exportKey('raw', key)).byteLength, length / 8);
  same(hex(await subtle.decrypt(gcm, key, await subtle.encrypt(gcm, key, plain))), hex(plain));
}
await rejects('OperationError', () => subtle.generateKey({ name: 'AES-GCM', length: 100 }, true, ['encrypt']));
await rejects('DataError', () => subtle.importKey('raw', new Uint8Array(5), 'AES-GCM', true, ['encrypt']));
const sealer = await subtle.importKey('raw', sp800, 'AES-GCM', true, ['encrypt']);
await rejects('InvalidAccessError', () => subtle.decrypt(gcm, sealer, gcmText));
for (const [jwk, name] of [[{ kty: 'RSA', k: 'AA' }, 'DataError'], [{ kty: 'oct' }, 'DataError'], [{ kty: 'oct', k: '+' }, 'DataError'],
  [{ kty: 'oct', k: 'K34VFiiu0qar9xWICc9PPA', alg: 'A256GCM' }, 'DataError'], [{ kty: 'oct', k: 'K34VFiiu0qar9xWICc9PPA', use: 'sig' }, 'DataError'],
  [{ kty: 'oct', k: 'K34VFiiu0qar9xWICc9PPA', ext: false }, 'DataError'], [{ kty: 'oct', k: 'K34VFiiu0qar9xWICc9PPA', key_ops: ['decrypt'] }, 'DataError'],
  ['text', TypeError]]) await rejects(name, () => subtle.importKey('jwk', jwk, 'AES-GCM', true, ['encrypt']));

// ECDSA and ECDH, on each curve, with each hash and format.
for (const [namedCurve, width] of [['P-256', 32], ['P-384', 48], ['P-521', 66]]) {
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
  alike([pair.publicKey.usages, pair.privateKey.usages, pair.publicKey.type, pair.privateKey.type], [['verify'], ['sign'], 'public', 'private']);
  alike(pair.publicKey.algorithm, { name: 'ECDSA', namedCurve });
  const algorithm = { name: 'ECDSA', namedCurve };
  const publics = [pair.publicKey];
  for (const format of ['raw', 'spki', 'jwk']) publics.push(await subtle.importKey(format, await subtle.exportKey(format, pair.publicKey), algorithm, true, ['verify']));
  const privates = [pair.privateKey];
  for (const format of ['pkcs8', 'jwk']) privates.push(await subtle.importKey(format, await subtle.exportKey(format, pair.privateKey), algorithm, true, ['sign']));
  for (const name of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
    const how = { name: 'ECDSA', hash: { name } };
    for (const key of privates) {
      const signature = await subtle.sign(how, key, plain);
      same(signature.byteLength, 2 * width);
      for (const verifier of publics) same(await subtle.verify(how, verifier, signature, plain), true);
      same(await subtle.verify(how, pair.publicKey, signature, first), false);
    }
  }
  same(await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, new Uint8Array(3), plain), false);
  same((await subtle.exportKey('raw', pair.publicKey)).byteLength, 1 + 2 * width);
  await rejects('InvalidAccessError', () => subtle.exportKey('raw', pair.privateKey));
  await rejects('InvalidAccessError', () => subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, plain));
  const [one, other] = [await subtle.generateKey({ name: 'ECDH', namedCurve }, false, ['deriveBits', 'deriveKey']),
    await subtle.generateKey({ name: 'ECDH', namedCurve }, false, ['deriveBits', 'deriveKey'])];
  const secret = await subtle.deriveBits({ name: 'ECDH', public: other.publicKey }, one.privateKey, null);
  same(secret.byteLength, width);
  same(hex(await subtle.deriveBits({ name: 'ECDH', public: one.publicKey }, other.privateKey, 128)), hex(secret).slice(0, 32));
  const shared = await subtle.deriveKey({ name: 'ECDH', public: one.publicKey }, other.privateKey, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  same(hex(await subtle.exportKey('raw', shared)), hex(secret).slice(0, 64));
  await rejects('OperationError', () => subtle.deriveBits({ name: 'ECDH', public: other.publicKey }, one.privateKey, 8 * width + 8));
  await rejects('InvalidAccessError', () => subtle.deriveBits({ name: 'ECDH', public: pair.publicKey }, one.privateKey, 128));
  await rejects(TypeError, () => subtle.deriveBits({ name: 'ECDH', public: {} }, one.privateKey, 128));
}
await rejects('NotSupportedError', () => subtle.generateKey({ name: 'ECDSA', namedCurve: 'K-256' }, true, ['sign']));
await rejects('DataError', () => subtle.importKey('raw', new Uint8Array(65), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']));
await rejects('DataError', () => subtle.importKey('pkcs8', new Uint8Array(65), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']));

// RSA, with each hash and format.
const exponent = new Uint8Array([1, 0, 1]);
for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS']) {
  const pair = await subtle.generateKey({ name, modulusLength: 1024, publicExponent: exponent, hash: 'SHA-256' }, true, ['sign', 'verify']);
  alike([pair.publicKey.algorithm.modulusLength, hex(pair.publicKey.algorithm.publicExponent), pair.publicKey.algorithm.hash], [1024, '010001', { name: 'SHA-256' }]);
  for (const hash of ['SHA-1', 'SHA-256']) {
    const algorithm = { name, hash };
    const how = { name, saltLength: 11 };
    const spki = await subtle.exportKey('spki', pair.publicKey);
    const pkcs8 = await subtle.exportKey('pkcs8', pair.privateKey);
    const verifier = await subtle.importKey('spki', spki, algorithm, true, ['verify']);
    const signer = await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
    const signature = await subtle.sign(how, signer, plain);
    same(signature.byteLength, 128);
    same(await subtle.verify(how, verifier, signature, plain), true);
    same(await subtle.verify(how, verifier, signature, first), false);
    const jwk = await subtle.exportKey('jwk', signer);
    alike(Object.keys(jwk).sort(), ['alg', 'd', 'dp', 'dq', 'e', 'ext', 'key_ops', 'kty', 'n', 'p', 'q', 'qi']);
    const again = await subtle.importKey('jwk', jwk, algorithm, true, ['sign']);
    same(await subtle.verify(how, verifier, await subtle.sign(how, again, plain), plain), true);
    same(hex(await subtle.exportKey('pkcs8', again)), hex(pkcs8));
    const known = await subtle.importKey('jwk', await subtle.exportKey('jwk', verifier), algorithm, true, ['verify']);
    same(hex(await subtle.exportKey('spki', known)), hex(spki));
  }
}
const oaep = await subtle.generateKey({ name: 'RSA-OAEP', modulusLength: 1024, publicExponent: exponent, hash: 'SHA-256' }, true, ['encrypt', 'decrypt']);
for (const label of [undefined, bytes('label')]) {
  const how = { name: 'RSA-OAEP', label };
  const sealed = await subtle.encrypt(how, oaep.publicKey, first);
  same(hex(await subtle.decrypt(how, oaep.privateKey, sealed)), hex(first));
  await rejects('OperationError', () => subtle.decrypt({ name: 'RSA-OAEP', label: bytes('another') }, oaep.privateKey, sealed));
}
await rejects('OperationError', () => subtle.encrypt('RSA-OAEP', oaep.publicKey, new Uint8Array(200)));
await rejects('OperationError', () => subtle.generateKey({ name: 'RSA-PSS', modulusLength: 10, publicExponent: exponent, hash: 'SHA-1' }, true, ['sign']));
await rejects('OperationError', () => subtle.generateKey({ name: 'RSA-PSS', modulusLength: 1024, publicExponent: new Uint8Array([2]), hash: 'SHA-1' }, true, ['sign']));
await rejects('DataError', () => subtle.importKey('spki', new Uint8Array(10), { name: 'RSA-PSS', hash: 'SHA-1' }, true, ['verify']));

// PBKDF2: RFC 6070, the second; HKDF: RFC 5869, test case 1.
const password = await subtle.importKey('raw', bytes('password'), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-1', salt: bytes('salt'), iterations: 2 };
same(hex(await subtle.deriveBits(pbkdf2, password, 160)), 'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957');
const derived = await subtle.deriveKey(pbkdf2, password, { name: 'HMAC', hash: 'SHA-1', length: 160 }, true, ['sign']);
same(hex(await subtle.exportKey('raw', derived)), hex(await subtle.deriveBits(pbkdf2, password, 160)));
await rejects('OperationError', () => subtle.deriveBits(pbkdf2, password, 12));
await rejects('OperationError', () => subtle.deriveBits(pbkdf2, password));
await rejects('OperationError', () => subtle.deriveBits({ ...pbkdf2, iterations: 0 }, password, 128));
await rejects('SyntaxError', () => subtle.importKey('raw', bytes('password'), 'PBKDF2', true, ['deriveBits']));
await rejects('NotSupportedError', () => subtle.importKey('jwk', {}, 'PBKDF2', false, ['deriveBits']));
await rejects('SyntaxError', () => subtle.importKey('raw', bytes('password'), 'PBKDF2', false, ['encrypt']));
const input = await subtle.importKey('raw', new Uint8Array(22).fill(0x0b), 'HKDF', false, ['deriveBits']);
same(hex(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: unhex('000102030405060708090a0b0c'), info: unhex('f0f1f2f3f4f5f6f7f8f9') }, input, 336)),
  '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
await rejects('OperationError', () => subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: bytes(''), info: bytes('') }, input, 8 * 256 * 32));
await rejects('NotSupportedError', () => subtle.generateKey('Ed25519', true, ['sign']));
