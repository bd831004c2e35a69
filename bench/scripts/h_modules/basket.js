// What a shop's test keeps in a module: some classes, some helpers.
export class Basket {
  #lines = new Map();

  constructor(session) {
    this.session = session;
  }

  add(product, quantity = 1) {
    const line = this.#lines.get(product.sku) ?? { product, quantity: 0 };
    line.quantity += quantity;
    this.#lines.set(product.sku, line);
    return this;
  }

  get total() {
    let total = 0;
    for (const { product, quantity } of this.#lines.values()) total += product.price * quantity;
    return Math.round(total * 100) / 100;
  }

  toMessage() {
    const lines = [...this.#lines.values()].map(({ product, quantity }) => ({ sku: product.sku, quantity }));
    return JSON.stringify({ event: 'BASKET', user: this.session.user, lines, total: this.total });
  }
}

export function basket(session, products) {
  return products.reduce((basket, product) => basket.add(product), new Basket(session));
}
