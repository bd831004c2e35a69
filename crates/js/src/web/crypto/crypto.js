// The way in: puts the interfaces on the global object, and gives `crypto.subtle` its object. Runs when a script first looks
// for one of them (`lazy.rs`).
import { expose, native } from 'internal:web/idl';
import { CryptoKey } from 'internal:web/crypto/key';
import { SubtleCrypto, subtle } from 'internal:web/crypto/subtle';

for (const Class of [CryptoKey, SubtleCrypto]) {
  expose(Class.name, Class);
}
native.subtle = () => subtle;
