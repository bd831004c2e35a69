// All executors in a segment: how many iterations each has there.
// args: --execution-segment 2/5:4/5 --execution-segment-sequence 0,2/5,4/5,1
// compare: exit, thresholds, counts(iterations{scenario:shared}, iterations{scenario:each}, iterations{scenario:level}, iterations{scenario:ramp}, iterations{scenario:rate}, iterations{scenario:ramped_rate}, vus_max)
import { sleep } from 'k6';

export const options = {
  scenarios: {
    shared: { executor: 'shared-iterations', vus: 5, iterations: 17 },
    each: { executor: 'per-vu-iterations', vus: 7, iterations: 2 },
    level: { executor: 'constant-vus', vus: 4, duration: '1s' },
    ramp: { executor: 'ramping-vus', startVUs: 6, stages: [{ duration: '1s', target: 6 }] },
    rate: { executor: 'constant-arrival-rate', rate: 21, duration: '1020ms', preAllocatedVUs: 30 },
    ramped_rate: { executor: 'ramping-arrival-rate', startRate: 17, stages: [{ duration: '1020ms', target: 17 }], preAllocatedVUs: 30 },
  },
  thresholds: Object.fromEntries(
    ['shared', 'each', 'level', 'ramp', 'rate', 'ramped_rate'].map((name) => [`iterations{scenario:${name}}`, ['count>0']]),
  ),
};

export default function () {
  sleep(0.6);
}
