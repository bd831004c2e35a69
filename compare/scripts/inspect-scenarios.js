// Scenarios as they are written.
// command: inspect
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
      stages: [{ duration: '10s', target: 5 }, { duration: 0, target: 1 }],
    },
    e: { executor: 'constant-arrival-rate', rate: 10, duration: '10s', preAllocatedVUs: 4 },
    f: {
      executor: 'ramping-arrival-rate', startRate: 1, timeUnit: '1m', preAllocatedVUs: 4, maxVUs: 8,
      stages: [{ duration: '10s', target: 50 }],
    },
  },
};
export function f() {}
export default function () {}
