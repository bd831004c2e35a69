// `test.abort()` deep in groups, a check and a native call: none of them goes on, their samples are
// taken.
// compare: exit, console, errors, checks, counts(group_duration, iterations)
import exec from 'k6/execution';
import { check, group } from 'k6';

class Steps {
  first() {
    group('outer', () => group('inner', () => {
      check(null, { 'is fine': () => true });
      check(null, { aborts: () => [1].map(() => exec.test.abort({ a: 1 })) });
      console.log('never');
    }));
    console.log('never either');
  }
}

export default function () {
  try {
    new Steps().first();
  } finally {
    console.log('finally');
  }
}
