// schedule: ramping-vus, from 0 to 200 VUs in 5 s
// planned: 199
import exec from 'k6/execution';
import { Trend } from 'k6/metrics';
import { sleep } from 'k6';

const late = new Trend('start_error', true);

export const options = {
  summaryTrendStats: ['med', 'p(99)', 'max'],
  scenarios: {
    all: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [{ duration: '5s', target: 200 }],
    },
  },
};

// One iteration for each VU: it begins when the VU does. The last VU would come with the end.
export default function () {
  const planned = (exec.scenario.iterationInTest + 1) * 25;
  late.add(Date.now() - exec.scenario.startTime - planned);
  sleep(6);
}
