// What the functions of k6/crypto take, and what they say of the rest.
// compare: exit, console
import crypto from 'k6/crypto';

const attempt = (name, run) => {
  try {
    const value = run();
    const shown = value instanceof ArrayBuffer ? `bytes ${new Uint8Array(value).join()}` : JSON.stringify(value);
    console.log(name, shown);
  } catch (error) {
    console.log(name, 'threw', error.message);
  }
};

export default function () {
  for (const form of ['hex', 'base64', 'base64url', 'base64rawurl', 'binary', 'nope', undefined, null, '', 'base64rawstd', 'HEX', 5]) {
    attempt(`hash as ${form}`, () => crypto.md5('hello', form));
    attempt(`hmac as ${form}`, () => crypto.hmac('md5', 'k', 'hello', form));
    attempt(`digest as ${form}`, () => {
      const hash = crypto.createHash('md5');
      hash.update('hello');
      return hash.digest(form);
    });
  }
  for (const bad of [5, 1.5, null, undefined, [104], { a: 1 }, true]) {
    const shown = JSON.stringify(bad);
    attempt(`hash of ${shown}`, () => crypto.md5(bad, 'hex'));
    attempt(`update with ${shown}`, () => crypto.createHash('md5').update(bad));
    attempt(`hmac with key ${shown}`, () => crypto.hmac('md5', bad, 'data', 'hex'));
    attempt(`hmac of ${shown}`, () => crypto.hmac('md5', 'key', bad, 'hex'));
    attempt(`createHMAC with key ${shown}`, () => crypto.createHMAC('md5', bad));
    attempt(`hexEncode ${shown}`, () => crypto.hexEncode(bad));
  }
  for (const size of [0, -1, undefined, NaN, null, 'abc']) attempt(`randomBytes ${size}`, () => crypto.randomBytes(size));
  attempt('hmac algorithm', () => crypto.hmac('nope', 'k', 'd', 'hex'));
  attempt('no hmac algorithm', () => crypto.hmac(undefined, 'k', 'd', 'hex'));
  attempt('createHMAC algorithm', () => crypto.createHMAC('nope', 'k'));
  attempt('nothing', () => crypto.md5());
}
