// Each VU waits everywhere that a script can wait, at times of its own, and checks that it goes on
// with its own stack, exceptions and jobs.
import { sleep } from 'k6';

let iterations = 0;
let order = [];

function nap() {
  sleep(((__VU * 7 + order.length * 3) % 5) / 1000);
}

function expect(what, is, wanted) {
  if (is !== wanted) throw new Error(`VU ${__VU}: ${what} is ${is}, not ${wanted}`);
}

function deep(level) {
  if (level === 0) {
    nap();
    throw new RangeError(`of ${__VU}`);
  }
  return deep(level - 1);
}

function exceptions() {
  let caught;
  try {
    deep(8);
  } catch (error) {
    nap();
    caught = error;
  } finally {
    nap();
  }
  expect('message', caught.message, `of ${__VU}`);
  expect('frames', caught.stack.match(/at deep/g).length, 9);
  try {
    null.x;
  } catch (error) {
    expect('type', error.constructor, TypeError);
    expect('stack', error.stack.includes('deep'), false);
  }
}

function* generator() {
  for (let i = 0; i < 3; i++) {
    nap();
    yield i * __VU;
  }
}

function calls() {
  expect('generator', [...generator()].join(), [0, __VU, 2 * __VU].join());
  const sorted = [3, 1, 2].sort((a, b) => (nap(), a - b));
  expect('comparator', sorted.join(), '1,2,3');
  const object = {
    get value() {
      nap();
      return __VU;
    },
    toString() {
      nap();
      return `object of ${__VU}`;
    },
    [Symbol.iterator]: generator,
  };
  expect('getter', object.value, __VU);
  expect('toString', `${object}`, `object of ${__VU}`);
  expect('JSON', JSON.stringify({ toJSON: () => (nap(), __VU) }), `${__VU}`);
  expect('replace', 'abc'.replace(/b/, () => (nap(), __VU)), `a${__VU}c`);
  const proxy = new Proxy({}, { get: (_, name) => (nap(), name) });
  expect('trap', proxy.name, 'name');
  class Base {
    constructor() {
      nap();
      this.vu = __VU;
    }
  }
  expect('constructor', new (class extends Base {})().vu, __VU);
}

async function asynchronous() {
  order = [];
  const say = (what) => order.push(what);
  Promise.resolve().then(() => {
    nap();
    say('job 1');
  });
  queueMicrotask(() => {
    say('job 2');
    nap();
  });
  nap();
  say('body');
  await null;
  nap();
  say('after await');
  await new Promise((resolve) => setTimeout(resolve, 1));
  say('after timer');
  nap();
  try {
    await Promise.reject(new Error(`rejected ${__VU}`));
  } catch (error) {
    nap();
    say(error.message);
  }
  const wanted = ['body', 'job 1', 'job 2', 'after await', 'after timer', `rejected ${__VU}`];
  expect('order', order.join(), wanted.join());
}

export default async function () {
  exceptions();
  calls();
  await asynchronous();
  // Garbage in cycles, so that collections happen while others wait.
  for (let i = 0; i < 2000; i++) {
    const cycle = { i };
    cycle.self = cycle;
  }
  iterations += 1;
  if (__ITER === 2) console.log(`${__VU} ${iterations} iterations`);
}
