// What a script sees of its options.
// compare: exit, console
import exec from 'k6/execution';
export const options = {
  vus: 2,
  iterations: 4,
  setupTimeout: 1500,
  teardownTimeout: '1h30m0.5s',
  noSetup: true,
  noTeardown: false,
  rps: 100,
  dns: { ttl: '1m', select: 'first', policy: 'any' },
  maxRedirects: 3,
  userAgent: 'me',
  batch: 5,
  batchPerHost: 2,
  insecureSkipTLSVerify: true,
  tlsCipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  tlsVersion: { min: 'tls1.2', max: 'tls1.3' },
  throw: true,
  thresholds: {
    iterations: ['count>0', { threshold: 'rate>=0', abortOnFail: true, delayAbortEval: '2s' }],
  },
  blacklistIPs: ['10.1.2.3/8', 'fd00::1:2/112'],
  blockHostnames: ['*.example.com', 'a.test'],
  hosts: { 'b.test': '127.0.0.1', 'c.test:443': '127.0.0.1:8443', '*.d.test': '::1' },
  noConnectionReuse: true,
  noVUConnectionReuse: false,
  minIterationDuration: '10ms',
  cloud: { name: 'x', projectID: 3 },
  summaryTrendStats: ['avg', 'p(99.9)', 'count'],
  summaryTimeUnit: 'ms',
  systemTags: ['url', 'name', 'nonsense', 'vu'],
  tags: { b: '1', a: '2' },
  metricSamplesBufferSize: 10,
  noCookiesReset: true,
  discardResponseBodies: true,
};
export default function () {
  if (exec.scenario.iterationInTest === 0) {
    console.log(JSON.stringify(exec.test.options, null, 1));
  }
}
