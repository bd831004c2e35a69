// What console prints for each kind of value that k6 1.x and 2.x print alike.
// compare: exit, console
export default function () {
  console.log('plain');
  console.log('two', 'words', 3, true, null, undefined);
  console.log('quotes " and \\ and\ttab');
  console.log('line\nbreak');
  console.log('');
  console.log();
  console.log('ünïcödé ☃ 😀');
  console.log(1, -1, 1.5, 1e21, 1e-7, NaN, Infinity, -0);
  console.log({ a: 1, b: 'two', c: [3, { d: null }] });
  console.log([1, 'two', [3]]);
  console.log([]);
  console.log({});
  console.log(new Date(0));
  console.log('%s and %d', 'percent', 5);
  console.log('a=b');
  console.log(10n);
  console.debug('debug');
  console.info('info');
  console.warn('warn');
  console.error('error');
}
