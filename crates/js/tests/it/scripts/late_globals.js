// Globals that the script looks for late, fixes, replaces or deletes: nothing of it ends the process.
Object.defineProperty(globalThis, 'TextEncoder', { value: 1, writable: false });
const tries = () => {
  try {
    return new URL('http://a/b').pathname;
  } catch (error) {
    return error.name;
  }
};
// The half finds what it needs, whatever is fixed; and a second try is as the first.
const first = [tries(), tries()];
// A half whose making looks for itself.
function deep() {
  try {
    return deep();
  } catch {
    return typeof navigator;
  }
}
const userAgent = [deep(), typeof navigator.userAgent];

const named = [typeof Date, typeof TextDecoderStream, delete globalThis.TextDecoderStream, typeof TextDecoderStream];

// Not named as one word: it is found behind the global object.
const hidden = 'Weak' + 'Map';
const behind = [typeof globalThis[hidden], hidden in globalThis, Object.hasOwn(globalThis, hidden)];

class Mine extends Map {}
globalThis.Map = Mine;
const copy = structuredClone(new Mine([[1, 2]]));
const cloned = [copy.constructor === Mine, copy.get(1)];

delete globalThis.__ENV;

export default function () {
  console.log(first.join(), userAgent.join(), named.join(), behind.join(), cloned.join(), typeof __ENV);
}
