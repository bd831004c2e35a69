// schedule: constant-vus, 200 VUs for 3 s, ten iterations a second each
// planned: 6000
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';

const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  minIterationDuration: '100ms',
  scenarios: { all: { executor: 'constant-vus', vus: 200, duration: '3s' } },
};

export default function () {
  if (exec.vu.iterationInScenario === 0) late.add(Date.now() - exec.scenario.startTime);
}
