// iterations: 8
function thrower() {
  throw new TypeError('from a function');
}

const cases = [
  () => thrower(),
  () => { throw 'a string'; },
  () => { throw { plain: 'object' }; },
  () => { Promise.reject(new RangeError('unhandled')); },
  async () => { await null; throw new Error('async'); },
  () => { setTimeout(() => { throw new Error('in a timer'); }, 1); setInterval(() => {}, 60000); },
  () => { const late = Promise.reject(new Error('handled late')); late.catch(() => console.log('handled')); },
  () => { new EventTarget().dispatchEvent(new Event('x')); console.log('fine'); },
];

export default function () {
  return cases[__ITER]();
}
