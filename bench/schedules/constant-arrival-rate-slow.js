// schedule: constant-arrival-rate, 500 iterations a second for 10 s
// planned: 5000
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const RATE = 500;
const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: {
    all: { executor: 'constant-arrival-rate', rate: RATE, duration: '10s', preAllocatedVUs: 50 },
  },
};

export default function () {
  const planned = (exec.scenario.iterationInTest * 1000) / RATE;
  late.add(Date.now() - exec.scenario.startTime - planned);
}
