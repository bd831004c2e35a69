// crypto.subtle in init code and in iterations: timers go on while a key is searched for.
const early = await crypto.subtle.generateKey({ name: 'RSA-PSS', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-1' }, true, ['sign']);

export default async function () {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const pair = await crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify']);
  clearInterval(timer);
  const data = new Uint8Array(5);
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', pair.privateKey, data);
  console.log(ticks > 0, early.privateKey.type, await crypto.subtle.verify('RSASSA-PKCS1-v1_5', pair.publicKey, signature, data));
  console.log(pair.publicKey);
  console.log(typeof CryptoKey, pair.publicKey instanceof CryptoKey, pair.publicKey.usages, early.publicKey.usages);
  try {
    await crypto.subtle.sign('RSASSA-PKCS1-v1_5', pair.publicKey, data);
  } catch (error) {
    console.log(error instanceof DOMException, String(error));
  }
  // The iteration waits for it, whether or not anybody else does.
  crypto.subtle.importKey('spki', await crypto.subtle.exportKey('spki', pair.publicKey), { name: 'RSA-PSS', hash: 'SHA-1' }, true, ['verify'])
    .then((key) => console.log(key.algorithm.modulusLength));
}
