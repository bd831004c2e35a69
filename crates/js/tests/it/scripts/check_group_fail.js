// iterations: 2
import { check, fail, group } from 'k6';

export default function () {
  const attempt = (name, run) => {
    try {
      console.log(name, run());
    } catch (error) {
      console.log(name, 'threw', String(error));
    }
  };
  attempt('mixed', () => check(1, { one: (v) => v === 1, two: (v) => v === 2, truthy: 'x' }));
  attempt('throwing', () => check(1, { thrower: () => { throw new Error('in check'); }, after: true }));
  attempt('tags', () => check(1, { tagged: true }, { my: 'tag', n: 5 }));
  attempt('bad tags', () => check(1, { tagged: true }, { my: {} }));
  attempt('none', () => check(1));
  attempt('null', () => check(1, null));
  attempt('async', () => check(1, { a: async () => true }));
  attempt('separator', () => check(1, { 'a::b': true }));
  attempt('group', () => group('outer', () => group('inner', () => check(1, { nested: true }))));
  attempt('group async', () => group('g', async () => 1));
  attempt('group no function', () => group('g'));
  attempt('group throws', () => group('g', () => { throw new Error('out'); }));
  attempt('after', () => check(1, { 'outside again': true }));
  attempt('fail', () => fail('no more'));
}
