// Scenarios of every executor side by side, each with its start time, function, tags and environment.
// compare: exit, console sorted, thresholds, counts(iterations, iterations{scenario:shared}, iterations{scenario:each}, iterations{scenario:level}, iterations{scenario:ramp}, iterations{scenario:rate}, iterations{scenario:ramped_rate}, iterations{team:x}, vus_max)
import exec from 'k6/execution';
import { sleep } from 'k6';

const of = (executor, more) => ({ executor, exec: 'run', env: { WHO: executor }, ...more });

export const options = {
  scenarios: {
    shared: of('shared-iterations', { vus: 2, iterations: 5, maxDuration: '5s' }),
    each: of('per-vu-iterations', { vus: 2, iterations: 2, startTime: '300ms', tags: { team: 'x' } }),
    level: of('constant-vus', { vus: 1, duration: '1s', startTime: '500ms', gracefulStop: '1s' }),
    ramp: of('ramping-vus', { startVUs: 2, stages: [{ duration: '1s', target: 2 }], startTime: '100ms', tags: { team: 'x' } }),
    rate: of('constant-arrival-rate', { rate: 4, duration: '1100ms', preAllocatedVUs: 4, startTime: '700ms' }),
    ramped_rate: of('ramping-arrival-rate', { startRate: 4, stages: [{ duration: '1100ms', target: 4 }], preAllocatedVUs: 4 }),
  },
  thresholds: Object.fromEntries(
    ['shared', 'each', 'level', 'ramp', 'rate', 'ramped_rate']
      .map((name) => [`iterations{scenario:${name}}`, ['count>0']])
      .concat([['iterations{team:x}', ['count==8']], ['iterations{scenario:none}', ['count==0']]]),
  ),
};

export function run() {
  console.log(exec.scenario.name, exec.scenario.executor === __ENV.WHO, exec.scenario.iterationInTest, exec.scenario.progress <= 1);
  sleep(0.6);
}
