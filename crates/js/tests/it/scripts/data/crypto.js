// k6/crypto. An unknown name for createHash, which k6 does not survive, is an error.
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

const NAMES = ['md4', 'md5', 'sha1', 'sha256', 'sha384', 'sha512', 'sha512_224', 'sha512_256', 'ripemd160'];
const bytes = new Uint8Array([104, 101, 108, 108, 111]);

export default function () {
  for (const name of NAMES) {
    attempt(name, () => crypto[name]('hello', 'hex'));
    attempt(`${name} of bytes`, () => crypto[name](bytes.buffer, 'hex'));
    attempt(`${name} in steps`, () => {
      const hash = crypto.createHash(name);
      hash.update('hel');
      hash.update(new Uint8Array([108, 111]).buffer);
      return [hash.digest('hex'), hash.digest('base64'), hash.update('!'), hash.digest('hex')];
    });
    attempt(`hmac ${name}`, () => crypto.hmac(name, 'key', 'hello', 'hex'));
    attempt(`hmac ${name} of bytes`, () => crypto.hmac(name, bytes.buffer, bytes.buffer, 'base64url'));
    attempt(`hmac ${name} in steps`, () => {
      const hmac = crypto.createHMAC(name, 'key');
      hmac.update('hel');
      hmac.update('lo');
      return [hmac.digest('hex'), hmac.digest('base64rawurl')];
    });
  }
  attempt('long key', () => crypto.hmac('sha256', 'k'.repeat(200), 'hello', 'hex'));
  attempt('text', () => crypto.sha256('é€\ud800', 'hex'));
  attempt('nothing to hash', () => crypto.createHash('md5').digest('hex'));
  attempt('hexEncode', () => [crypto.hexEncode(bytes.buffer), crypto.hexEncode(bytes), crypto.hexEncode('hi')]);
  attempt('randomBytes', () => [crypto.randomBytes(5).byteLength, crypto.randomBytes('3').byteLength, crypto.randomBytes(1.5).byteLength]);
  attempt('unknown', () => crypto.createHash('nope'));
  attempt('too many', () => crypto.randomBytes(1e18));
  attempt('no encoding', () => crypto.md5('hello'));
  attempt('no data', () => crypto.sha1(5));
  attempt('methods', () => { const { update, digest } = crypto.createHash('md5'); update('hello'); return [Object.keys(crypto.createHash('md5')), digest('hex')]; });
}
