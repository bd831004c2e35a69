// Dropped iterations have the tags of the run, not those of the scenario.
// compare: exit, thresholds
import { sleep } from 'k6';

export const options = {
  tags: { run: 'r' },
  scenarios: {
    tight: { executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1, tags: { own: 'o' } },
  },
  thresholds: {
    'dropped_iterations{run:r}': ['count>3'],
    'dropped_iterations{own:o}': ['count>3'],
    'iterations{own:o}': ['count>0'],
  },
};

export default function () {
  sleep(0.55);
}
