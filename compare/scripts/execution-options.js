// `test.options` has each option, with null for what was not set.
// args: --tag a=b
// compare: exit, console
import exec from 'k6/execution';

export const options = {
  scenarios: {
    s: { executor: 'ramping-vus', stages: [{ duration: '100ms', target: 1 }], tags: { x: '1' }, gracefulStop: '1s' },
    t: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1, exec: 'other' },
  },
  thresholds: { iterations: ['count>=0', { threshold: 'rate>=0', abortOnFail: true, delayAbortEval: '1s' }] },
  dns: { ttl: '1m' },
  hosts: { 'a.test': '127.0.0.1:1' },
  userAgent: 'me',
  minIterationDuration: '10ms',
};

export function setup() {
  console.log(JSON.stringify(exec.test.options));
  console.log(Object.isExtensible(exec.test.options.scenarios.s));
}

export default function () {}
export function other() {}
