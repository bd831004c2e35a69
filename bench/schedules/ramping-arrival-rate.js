// schedule: ramping-arrival-rate, from 0 to 10,000 iterations a second in 5 s
// planned: 25000
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: {
    all: {
      executor: 'ramping-arrival-rate',
      stages: [{ duration: '5s', target: 10000 }],
      preAllocatedVUs: 500,
    },
  },
};

export default function () {
  // The area below the rate after t seconds is 1000·t².
  const planned = Math.sqrt((exec.scenario.iterationInTest + 1) / 1000) * 1000;
  late.add(Date.now() - exec.scenario.startTime - planned);
}
