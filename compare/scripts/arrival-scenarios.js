// Rates beside other executors: startTime, exec, env and tags are each one's own.
// compare: exit, console sorted, counts(iterations, iterations{kind:b}, iterations{scenario:ramp})
import exec from 'k6/execution';

export const options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: 5,
      duration: '1100ms',
      preAllocatedVUs: 2,
      startTime: '300ms',
      exec: 'one',
      env: { WHO: 'steady' },
      tags: { kind: 'b' },
    },
    ramp: {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      timeUnit: '2s',
      stages: [{ duration: '1100ms', target: 10 }],
      preAllocatedVUs: 2,
      exec: 'two',
      env: { WHO: 'ramp' },
    },
    loop: { executor: 'per-vu-iterations', vus: 1, iterations: 1 },
  },
  thresholds: { 'iterations{kind:b}': ['count==6'], 'iterations{scenario:ramp}': ['count==5'] },
};

export function one() {
  console.log(__ENV.WHO, exec.scenario.name, exec.scenario.executor, exec.scenario.iterationInTest);
}

export function two() {
  console.log(__ENV.WHO, exec.scenario.name, exec.scenario.executor, exec.scenario.iterationInTest);
}

export default function () {
  console.log(__ENV.WHO, exec.scenario.name);
}
