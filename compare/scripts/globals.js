// What is there without an import, in init code and in iterations.
// compare: exit, console
const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'open', 'require', 'console', '__ENV', 'crypto'];
const inInit = names.map((name) => `${name}:${typeof globalThis[name]}`);

export default function () {
  console.log(inInit.join(' '));
  console.log(typeof global, global === globalThis, typeof __VU, typeof __ITER);
  console.log(crypto.getRandomValues(new Uint8Array(8)).length, crypto.randomUUID().length);
}
