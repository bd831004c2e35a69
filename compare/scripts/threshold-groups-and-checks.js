// Thresholds on checks by name and group, and on the time that groups take.
// args: --iterations 4
// compare: exit, errors, checks, thresholds, counts(group_duration, group_duration{group:::outer}, group_duration{group:::outer::inner})
import { check, group } from 'k6';

export const options = {
  thresholds: {
    checks: ['rate==0.5'],
    'checks{check:even}': ['rate==0.5'],
    'checks{group:::outer}': ['rate==0.5'],
    'checks{group:::outer::inner}': ['rate>0.9'],
    'group_duration{group:::outer}': ['max<10000'],
    'group_duration{group:::outer::inner}': ['max<10000'],
    'group_duration{group:::none}': ['max==0'],
  },
};

export default function () {
  group('outer', () => {
    check(__ITER, { even: (n) => n % 2 === 0 });
    group('inner', () => check(__ITER, { odd: (n) => n % 2 === 1 }));
  });
}
