// The VUs of a segment, by their numbers in the whole test; a scenario too small for it is left out.
// args: --execution-segment 1/4:1/2 --execution-segment-sequence 0,1/4,1/2,1
// compare: exit, console sorted, counts(vus_max)
import exec from 'k6/execution';
import { sleep } from 'k6';

export const options = {
  scenarios: {
    level: { executor: 'constant-vus', vus: 11, duration: '1s', gracefulStop: '2s' },
    small: { executor: 'constant-vus', vus: 1, duration: '1s' },
  },
};

export default function () {
  const { vu, scenario } = exec;
  console.log(scenario.name, vu.idInInstance, vu.idInTest, vu.iterationInScenario, scenario.iterationInInstance <= scenario.iterationInTest);
  sleep(1.2);
}
