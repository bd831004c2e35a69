// VUs that one scenario gives back are the next one's: their variables and counts stay, tags and
// environment do not.
// compare: exit, console sorted, counts(vus_max, iterations, iterations{scenario:first}, iterations{kind:b})
import exec from 'k6/execution';
import { sleep } from 'k6';

let uses = 0;

export const options = {
  scenarios: {
    first: { executor: 'per-vu-iterations', vus: 2, iterations: 2, maxDuration: '1s', gracefulStop: '0s', env: { ONLY: 'first', BOTH: '1' }, tags: { kind: 'a' } },
    second: { executor: 'shared-iterations', vus: 2, iterations: 2, startTime: '1s', exec: 'other', env: { BOTH: '2' }, tags: { kind: 'b' } },
  },
  thresholds: { 'iterations{scenario:first}': ['count==4'], 'iterations{kind:b}': ['count==2'] },
};

function tell() {
  uses += 1;
  const { vu, scenario } = exec;
  console.log(scenario.name, 'uses', uses, __ITER, vu.iterationInInstance, vu.iterationInScenario, __ENV.ONLY, __ENV.BOTH, vu.metrics.tags.kind, vu.metrics.tags.mine);
  vu.metrics.tags.mine = scenario.name;
  __ENV.ONLY = 'changed';
  sleep(0.2);
}

export default tell;
export const other = tell;
