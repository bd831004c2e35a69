// Sub-metrics by one tag and by several, with space and quotes around them, and by system tags.
// args: --iterations 4 --tag where=here
// compare: exit, errors, thresholds, counts(hits, hits{a:1}, hits{a:0,b:1}, hits{where:here})
import { Counter } from 'k6/metrics';

const hits = new Counter('hits');

export const options = {
  thresholds: {
    'hits{ a : 0 }': ['count==2'],
    'hits{a:1}': ['count==2'],
    'hits{a:0,b:1}': ['count==2'],
    'hits{b:"1", a:1}': ['count==2'],
    'hits{a:none}': ['count==0'],
    'hits{where:here}': ['count==4'],
    'hits{scenario:default}': ['count==4'],
    'hits{group:::in a group}': ['count>4'],
  },
};

export default function () {
  hits.add(1, { a: String(__ITER % 2), b: '1' });
}
