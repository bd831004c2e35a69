// navigator: what HTML §8.10 gives workers, as far as there is something to say.
import { hardwareConcurrency, userAgent } from 'internal:navigator';
import { expose, idl } from 'internal:web/idl';

const languages = Object.freeze(['en-US']);
let isMade = false;

class Navigator {
  /** The brand too. */
  #userAgent = userAgent;

  constructor() {
    if (isMade) throw new TypeError('Illegal constructor');
    isMade = true;
  }

  get userAgent() { return this.#userAgent; }
  get hardwareConcurrency() { return Navigator.#of(this, hardwareConcurrency); }
  get language() { return Navigator.#of(this, languages[0]); }
  get languages() { return Navigator.#of(this, languages); }
  get onLine() { return Navigator.#of(this, true); }

  static #of(navigator, value) {
    // Reading it throws where it is not there.
    navigator.#userAgent;
    return value;
  }
}

idl(Navigator);
for (const [name, value] of [['Navigator', Navigator], ['navigator', new Navigator()]]) {
  expose(name, value);
}
