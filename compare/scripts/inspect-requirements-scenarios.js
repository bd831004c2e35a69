// What several scenarios take, one after and beside the other.
// command: inspect --execution-requirements
// compare: exit, json
export const options = {
  scenarios: {
    c: { executor: 'constant-vus', vus: 3, duration: '10s', startTime: '90s' },
    a: {
      executor: 'shared-iterations', vus: 2, iterations: 4, maxDuration: '1m', gracefulStop: '3s',
      env: { A: 'b' }, tags: { x: 'y' }, exec: 'f',
    },
    b: { executor: 'per-vu-iterations' },
    d: {
      executor: 'ramping-vus', startVUs: 2, gracefulRampDown: '1s',
      stages: [{ duration: '10s', target: 5 }, { duration: '5s', target: 1 }],
    },
  },
};
export function f() {}
export default function () {}
