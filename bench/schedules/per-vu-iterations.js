// schedule: per-vu-iterations, 200 VUs with 100 iterations each
// planned: 20000
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: { all: { executor: 'per-vu-iterations', vus: 200, iterations: 100 } },
};

export default function () {
  if (exec.vu.iterationInScenario === 0) late.add(Date.now() - exec.scenario.startTime);
}
