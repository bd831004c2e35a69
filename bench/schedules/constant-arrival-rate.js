// schedule: constant-arrival-rate, 10,000 iterations a second for 10 s
// planned: 100000
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const RATE = 10000;
const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: {
    all: { executor: 'constant-arrival-rate', rate: RATE, duration: '10s', preAllocatedVUs: 500 },
  },
};

export default function () {
  const planned = (exec.scenario.iterationInTest * 1000) / RATE;
  late.add(Date.now() - exec.scenario.startTime - planned);
}
