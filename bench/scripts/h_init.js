// shape: init of N VUs of a script with three modules and a fixture of 20 kB, one short iteration each, all kept to the end
// per: iterations
// sizes: 1000 10000
// one: VU
// hold: 4
import { check } from 'k6';
import { WebSocket } from 'k6/websockets';
import { Counter, Trend } from 'k6/metrics';
import { basket } from './h_modules/basket.js';
import { login } from './h_modules/session.js';
import { pick } from './h_modules/random.js';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: Number(__ENV.N), iterations: 1 } } };

const products = JSON.parse(open('./h_modules/products.json'));
const seen = new Counter('products_seen');
const prices = new Trend('product_price');

// The iterations take a second of these, and memory is looked at in the last four.
export function setup() {
  return Date.now() + 6000;
}

export default function (end) {
  const product = pick(products, __VU);
  const order = basket(login(__VU), [product]);
  seen.add(1);
  prices.add(order.total);
  check(order, { 'has a total': (o) => o.total > 0, 'may connect': () => typeof WebSocket === 'function' });
  setTimeout(() => {}, end - Date.now());
}
