// Keys of options are known whatever their case, at every depth.
// command: inspect
// compare: exit, json, warnings
export const options = {
  Scenarios: {
    ramp: {
      Executor: 'ramping-vus',
      startvus: 1,
      STAGES: [{ Duration: '2s', TARGET: 3 }],
      gracefulrampdown: '1s',
    },
    rate: {
      EXECUTOR: 'constant-arrival-rate',
      Rate: 4,
      timeunit: '2s',
      duration: '1s',
      preallocatedVUs: 2,
      MaxVUs: 3,
      Env: { Mixed: 'stays' },
    },
  },
  thresholds: { checks: [{ Threshold: 'rate>0.1', ABORTONFAIL: true, delayabortEval: '1s' }] },
  DNS: { TTL: '3s', Select: 'first' },
  tlsversion: { Min: 'tls1.2', MAX: 'tls1.3' },
  summarytrendstats: ['avg'],
};
export default function () {}
