import { humanizeValue, jUnit, textSummary } from 'https://jslib.k6.io/k6-summary/0.0.2/index.js';
import { textSummary as newer } from 'https://jslib.k6.io/k6-summary/0.1.0/index.js';

// Every expectation here is what k6 printed for the same value.
const time = { type: 'trend', contains: 'time' };
const bytes = { type: 'counter', contains: 'data' };
const plain = { type: 'counter', contains: 'default' };
for (const [value, metric, unit, text] of [
  [0, time, undefined, '0s'], [0.0009, time, undefined, '900ns'], [0.12345, time, undefined, '123.45µs'],
  [1.005, time, undefined, '1ms'], [12.3456, time, undefined, '12.34ms'], [1234.567, time, undefined, '1.23s'],
  [75000.5, time, undefined, '1m15s'], [3661000, time, undefined, '1h1m1s'], [12.3456, time, 'ms', '12.35ms'],
  [9999.99, time, 's', '10.00s'], [0.12345, time, 'us', '123.45µs'], [0, bytes, undefined, '0 B'],
  [1049, bytes, undefined, '1.0 kB'], [9950, bytes, undefined, '10 kB'], [12345678, bytes, undefined, '12 MB'],
  [2 / 3, plain, undefined, '0.666667'], [1e6, plain, undefined, '1000000'],
  [2 / 3, { type: 'rate', contains: 'default' }, undefined, '66.66%'],
]) same(humanizeValue(value, metric, unit), text);

const check = (name, passes, fails) => ({ name, passes, fails });
const data = {
  root_group: {
    name: '', checks: [check('ok', 4, 0), check('sometimes', 2, 2)],
    groups: [{ name: 'outer', checks: [], groups: [{ name: 'inner', checks: [check('never', 0, 4)], groups: [] }] }],
  },
  options: { summaryTrendStats: ['avg', 'count'], summaryTimeUnit: '', noColor: false },
  metrics: {
    'my_time{a:b}': { type: 'trend', contains: 'time', values: { avg: 3, count: 4 }, thresholds: { 'avg<1': { ok: false } } },
    my_time: { type: 'trend', contains: 'time', values: { avg: 37500, count: 8 } },
    my_rate: { type: 'rate', contains: 'default', values: { rate: 0.5, passes: 2, fails: 1 }, thresholds: { 'rate>0.1': { ok: true } } },
    my_gauge: { type: 'gauge', contains: 'default', values: { value: 1, min: 1, max: 3.25 } },
    my_counter: { type: 'counter', contains: 'default', values: { count: 4938276, rate: 5915.09473 } },
  },
};
same(textSummary(data, { enableColors: false }), [
  '     ✓ ok', '     ✗ sometimes', '      ↳  50% — ✓ 2 / ✗ 2', '', '     █ outer', '',
  '       █ inner', '', '         ✗ never', '          ↳  0% — ✓ 0 / ✗ 4', '',
  '     my_counter...: 4938276 5915.09473/s', '     my_gauge.....: 1       min=1        max=3.25',
  '   ✓ my_rate......: 50.00%  ✓ 2          ✗ 1     ', '     my_time......: avg=37.5s count=8',
  '     ✗ { a:b }....: avg=3ms   count=4',
].join('\n'));
ok(newer(data, { enableColors: false }).includes('   ✓ my_rate......: 50.00%  2 out of 3\n'));
ok(textSummary(data, { indent: '→' }).includes('\n→  \x1b[32m✓\x1b[0m my_rate\x1b[2m......:\x1b[0m \x1b[36m50.00%\x1b[0m  \x1b[36;2m✓ 2\x1b[0m'));
ok(textSummary(data).startsWith('\x1b[32m     ✓ ok\x1b[0m\n\x1b[31m     ✗ sometimes\n      ↳  50% — ✓ 2 / ✗ 2\x1b[0m\n'));
same(jUnit(data, { name: 'a & b' }), [
  '<?xml version="1.0"?>', '<testsuites tests="2" failures="1">',
  '<testsuite name="a &amp; b" tests="2" failures="1"><testcase name="my_time{a:b} - avg&lt;1"><failure message="failed" /></testcase>',
  '<testcase name="my_rate - rate&gt;0.1" />', '</testsuite >', '</testsuites >',
].join('\n'));
