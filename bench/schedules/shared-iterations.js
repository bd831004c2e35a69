// schedule: shared-iterations, 20,000 among 200 VUs
// planned: 20000
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: { all: { executor: 'shared-iterations', vus: 200, iterations: 20000 } },
};

export default function () {
  if (exec.vu.iterationInScenario === 0) late.add(Date.now() - exec.scenario.startTime);
}
