// `performance`: High Resolution Time §4 and §6.
import { expose, native, publish } from 'internal:web/idl';
import { EventTarget } from 'internal:web/events';

const { now, timeOrigin } = native;
let making = true;

class Performance extends EventTarget {
  #brand;

  constructor() {
    super();
    if (!making) throw new TypeError('Illegal constructor');
  }

  now() { this.#brand; return now(); }
  get timeOrigin() { this.#brand; return timeOrigin; }
  toJSON() { this.#brand; return { timeOrigin }; }
}

expose('performance', new Performance());
making = false;
publish(Performance);
