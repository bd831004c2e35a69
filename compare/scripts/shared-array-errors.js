// What can't be made a SharedArray. The function of one that failed runs again.
// compare: exit, console
import { SharedArray } from 'k6/data';

const attempt = (name, run) => {
  if (__VU !== 1) return;
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', error instanceof TypeError, String(error.message));
  }
};

attempt('nothing', () => new SharedArray());
attempt('no name', () => new SharedArray('', () => []));
attempt('no function', () => new SharedArray('a'));
attempt('text', () => new SharedArray('a', 'x'));
attempt('async', () => new SharedArray('a', async () => []));
attempt('undefined', () => new SharedArray('a', () => {}));
attempt('object', () => new SharedArray('a', () => ({})));
attempt('number', () => new SharedArray('a', () => 5));
attempt('string', () => new SharedArray('a', () => 'abc'));
attempt('typed', () => new SharedArray('a', () => new Uint8Array(1)));
attempt('set', () => new SharedArray('a', () => new Set()));
attempt('throws', () => new SharedArray('a', () => { throw new RangeError('mine'); }));
attempt('after failures', () => new SharedArray('a', () => [1]));
attempt('a number as a name', () => new SharedArray(5, () => [1]));

export default function () {}
