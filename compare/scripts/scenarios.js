// Several scenarios: exec, env, tags and startTime are each one's own.
// compare: exit, console sorted, checks, thresholds, counts(iterations, checks, checks{kind:b}, iterations{scenario:first})
import { check } from 'k6';
import exec from 'k6/execution';

export const options = {
  scenarios: {
    first: { executor: 'per-vu-iterations', vus: 2, iterations: 2, exec: 'one', env: { WHO: 'first' } },
    second: {
      executor: 'shared-iterations',
      vus: 1,
      iterations: 3,
      exec: 'two',
      startTime: '300ms',
      env: { WHO: 'second' },
      tags: { kind: 'b' },
    },
  },
  thresholds: { 'checks{kind:b}': ['rate==1'], 'iterations{scenario:first}': ['count==4'] },
};

export function one() {
  console.log(__ENV.WHO, exec.scenario.name, exec.scenario.executor);
  check(__ENV.WHO, { 'first runs one': (who) => who === 'first' });
}

export function two() {
  console.log(__ENV.WHO, exec.scenario.name, exec.scenario.executor, exec.scenario.iterationInTest);
  check(__ENV.WHO, { 'second runs two': (who) => who === 'second' });
}

export default function () {
  console.log('never');
}
