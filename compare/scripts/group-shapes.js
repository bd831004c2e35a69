// What group() takes, what it returns, and which group samples of timers, jobs and later code are in.
// compare: exit, console, checks, counts(group_duration, group_duration{group:::a}, group_duration{group:::a::b}, group_duration{group:::late})
import { check, group } from 'k6';
import exec from 'k6/execution';

export const options = {
  thresholds: Object.fromEntries(
    ['::a', '::a::b', '::late'].map((path) => [`group_duration{group:${path}}`, ['max>=0']]),
  ),
};

const attempt = (name, run) => {
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', error.message);
  }
};
const where = () => exec.vu.metrics.tags.group;

export default function () {
  attempt('no function', () => group('a'));
  attempt('null', () => group('a', null));
  attempt('a text', () => group('a', 'b'));
  attempt('async', () => group('a', async () => 1));
  attempt('a separator', () => group('a::b', () => 1));
  attempt('an empty name', () => group('', () => where()));
  attempt('a number', () => group(5, () => where()));
  attempt('undefined', () => group(undefined, () => where()));
  attempt('a promise', () => group('a', () => Promise.resolve(1)));
  attempt('arguments', () => group('a', (...args) => args.length));
  attempt('the same twice', () => group('a', () => group('a', where)));
  attempt('spaces', () => group(' a b ', where));
  group('a', () => {
    group('b', () => {
      setTimeout(() => {
        console.log('timer', where());
        check(1, { 'in a timer': true });
        group('late', () => check(1, { late: true }));
      }, 1);
      Promise.resolve().then(() => {
        console.log('job', where());
        check(1, { 'in a job': true });
      });
    });
    console.log('between', where());
  });
  console.log('after', where());
  try {
    group('a', () => group('b', () => { throw new Error('x'); }));
  } catch (error) {
    console.log('caught', where());
  }
}
