// `crypto`: Web Cryptography §10, without `subtle`.
import { expose, native, publish } from 'internal:web/idl';

const { getRandomValues, randomUUID } = native;
let making = true;

class Crypto {
  #brand;

  constructor() { if (!making) throw new TypeError('Illegal constructor'); }

  getRandomValues(array) { this.#brand; return getRandomValues(array); }
  randomUUID() { this.#brand; return randomUUID(); }
}

expose('crypto', new Crypto());
making = false;
publish(Crypto);
