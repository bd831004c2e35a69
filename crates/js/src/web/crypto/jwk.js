// JSON Web Keys: RFC 7517, as Web Cryptography §15 has them.
import { fail } from 'internal:web/crypto/algorithms';

/** RFC 4648 §5, without padding. */
export function encode(bytes) {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function decode(jwk, name) {
  const text = jwk[name];
  if (typeof text !== 'string') fail('DataError', `the key has no ${name}`);
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) fail('DataError', `the key's ${name} is not base64url`);
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}

/** What holds for every kind of key. `use` is what the member must be if it is there, as must `alg`. */
export function check(jwk, { kty, use, alg, extractable, usages }) {
  if (typeof jwk !== 'object' || jwk === null || ArrayBuffer.isView(jwk) || jwk instanceof ArrayBuffer) {
    throw new TypeError('the key is not a JsonWebKey');
  }
  if (jwk.kty !== kty) fail('DataError', `the key's kty is not ${kty}`);
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) fail('DataError', `the key's use is not ${use}`);
  if (jwk.key_ops !== undefined && !usages.every((usage) => jwk.key_ops.includes(usage))) {
    fail('DataError', 'the key_ops of the key do not have every usage');
  }
  if (jwk.ext === false && extractable) fail('DataError', 'the key may not be extractable');
  if (alg !== undefined && jwk.alg !== undefined && jwk.alg !== alg) fail('DataError', `the key's alg is not ${alg}`);
}
