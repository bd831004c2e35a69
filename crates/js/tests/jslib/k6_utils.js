import exec from 'k6/execution';
import { reported } from 'k6';
import {
  check, findBetween, getCurrentStageIndex, normalDistributionStages, parseDuration, randomIntBetween, randomItem,
  randomString, tagWithCurrentStageIndex, tagWithCurrentStageProfile, uuidv4,
} from 'https://jslib.k6.io/k6-utils/1.6.0/index.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
for (let i = 0; i < 50; i++) ok(uuid.test(uuidv4()));
globalThis.crypto = { randomUUID: () => 'secure' };
same(uuidv4(true), 'secure');

const drawn = new Set();
for (let i = 0; i < 500; i++) drawn.add(randomIntBetween(-1, 2));
alike([...drawn].sort((a, b) => a - b), [-1, 0, 1, 2]);
same(randomIntBetween(5, 5), 5);
ok(['a', 'b'].includes(randomItem(['a', 'b'])));
ok(/^[a-z]{20}$/.test(randomString(20)));
ok(/^[01]{64}$/.test(randomString(64, '01')));
same(randomString(0), '');

const html = '<div>1</div><div>2</div><div>3';
same(findBetween(html, '<div>', '</div>'), '1');
alike(findBetween(html, '<div>', '</div>', true), ['1', '2']);
same(findBetween(html, '<p>', '</p>'), '');
alike(findBetween(html, '<p>', '</p>', true), []);
alike(findBetween('ab', '', '', true), ['', '', '']);

const stages = normalDistributionStages(10, 20, 5);
same(stages.length, 5);
same(stages.reduce((sum, { duration }) => sum + parseFloat(duration), 0), 20);
same(Math.max(...stages.map(({ target }) => target)), 10);
same(stages[4].target, 0);
ok(stages.every(({ duration, target }) => /^[\d.]+s$/.test(duration) && Number.isInteger(target)));
const ten = normalDistributionStages(100, 1);
same(ten.length, 10);
same(ten[4].target, 100);
same(ten[3].target, ten[5].target);

same(parseDuration('1h2m3.5s4ms'), 3_723_504);
same(parseDuration('1d'), 86_400_000);
same(parseDuration(250), 250);
for (const bad of ['', 'x', '1', '5 s', '-1s', undefined]) if (bad !== '1') throws(Error, () => parseDuration(bad), show(bad));

throws(Error, () => { delete exec.test.options.scenarios.s.stages; getCurrentStageIndex(); });
const { s } = exec.test.options.scenarios;
s.stages = [{ duration: '10s', target: 5 }, { duration: '1m', target: 5 }, { duration: '10s', target: 0 }];
for (const [seconds, index, profile] of [[1, 0, 'ramp-up'], [10, 1, 'steady'], [75, 2, 'ramp-down'], [500, 2, 'ramp-down']]) {
  exec.scenario.startTime = Date.now() - seconds * 1000 - 1;
  same(getCurrentStageIndex(), index);
  tagWithCurrentStageIndex();
  tagWithCurrentStageProfile();
  alike(exec.vu.metrics.tags, { stage: String(index), stage_profile: profile });
}

same(check(1, { one: (v) => v === 1, two: true }, { t: 'x' }), true);
same(check(1, { three: (v) => v === 2 }), false);
alike(reported.splice(0), [['one', true, { t: 'x' }], ['two', true, { t: 'x' }], ['three', false]]);
const later = check(1, { slow: async (v) => v === 1, value: Promise.resolve(0), now: true });
ok(later instanceof Promise);
same(await later, false);
alike(reported.splice(0), [['now', true], ['slow', true], ['value', false]]);
same(await check(1, { fine: Promise.resolve(1) }), true);
throws(RangeError, () => check(1, { bad() { throw new RangeError('mine'); } }));
