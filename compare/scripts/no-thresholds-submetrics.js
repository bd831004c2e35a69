// Without thresholds their sub-metrics are there all the same, and nothing of them is checked.
// args: --no-thresholds --iterations 3
// compare: exit, errors, counts(hits, hits{kind:odd}, hits{kind:none})
import { Counter } from 'k6/metrics';

const hits = new Counter('hits');

export const options = {
  thresholds: {
    'hits{kind:odd}': ['count>100'],
    'hits{kind:none}': ['nonsense'],
    'nowhere{a:b}': ['count>1'],
    nothing: ['count>1'],
  },
};

export default function () {
  hits.add(1, { kind: __ITER % 2 ? 'odd' : 'even' });
}
