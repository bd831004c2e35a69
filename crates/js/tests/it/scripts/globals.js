import { sleep, randomSeed } from 'k6';

export default function () {
  console.log(global === globalThis, typeof __ENV, __VU, __ITER);
  for (const name of ['TextEncoder', 'TextDecoder', 'URL', 'URLSearchParams', 'DOMException', 'Event',
    'EventTarget', 'AbortController', 'AbortSignal', 'structuredClone', 'atob', 'btoa', 'queueMicrotask']) {
    if (typeof globalThis[name] !== 'function') console.log('missing', name);
  }
  const started = performance.now();
  sleep(0.05);
  const slept = performance.now() - started;
  console.log('slept', slept >= 50 && slept < 5000, 'microseconds', started % 1 !== 0);
  randomSeed(7);
  const first = [Math.random(), Math.random()];
  randomSeed(7);
  console.log('seeded', first[0] === Math.random() && first[1] === Math.random(), first[0] >= 0 && first[0] < 1);
  console.log(crypto.randomUUID().length, crypto.getRandomValues(new Uint8Array(4)).length);
  console.log(Object.getOwnPropertySymbols(globalThis).map(String).join());
}
