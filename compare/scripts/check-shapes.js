// What check() takes for its sets and tags, and what it says of the rest.
// compare: exit, console, checks
import { check, group } from 'k6';

const attempt = (name, run) => {
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', error.message);
  }
};

class Sets {
  constructor() { this.own = () => true; }
  inherited() { return false; }
}

export default function () {
  attempt('no sets', () => check(1));
  attempt('null', () => check(1, null));
  attempt('undefined', () => check(1, undefined));
  attempt('a number', () => check(1, 5));
  attempt('a text', () => check(1, 'ab'));
  attempt('an array', () => check(1, [true, () => false, 0]));
  attempt('an instance', () => check(1, new Sets()));
  attempt('a map', () => check(1, new Map([['a', () => false]])));
  attempt('a function', () => check(1, () => false));
  attempt('symbols', () => check(1, { [Symbol('s')]: false, shown: true }));
  attempt('nothing returned', () => check(1, { 'returns nothing': () => {} }));
  attempt('an object returned', () => check(1, { 'returns an object': () => ({}) }));
  attempt('a promise returned', () => check(1, { 'returns a promise': () => Promise.resolve(false) }));
  attempt('a promise', () => check(1, { 'is a promise': Promise.resolve(false) }));
  attempt('NaN', () => check(1, { 'is NaN': NaN, 'is empty': '', 'is null': null }));
  attempt('async', () => check(1, { before: true, async: async () => true, after: true }));
  attempt('a separator', () => check(1, { 'a::b': true }));
  attempt('an empty name', () => check(1, { '': true }));
  attempt('this', () => check(1, { 'no this': function () { return this === undefined; } }));
  attempt('nested', () => check(1, { outer: () => check(2, { inner: (v) => v === 1 }) }));
  attempt('in a group', () => group('g', () => check(1, { 'in a group': true })));
  attempt('a group in a check', () => check(1, { 'with a group': () => group('h', () => check(1, { 'in h': true })) }));
  for (const tags of [null, undefined, {}, { a: 1 }, { a: null }, { a: undefined }, { a: {} }, 5, 'ab', [1], true]) {
    attempt(`tags ${JSON.stringify(tags)}`, () => check(1, { tagged: true }, tags));
  }
}
