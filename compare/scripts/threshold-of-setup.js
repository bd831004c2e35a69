// What setup and teardown measure counts for thresholds.
// compare: exit, console, errors, thresholds, counts(hits, hits{group:::setup}, hits{group:::teardown})
import { Counter } from 'k6/metrics';

const hits = new Counter('hits');

export const options = {
  thresholds: { hits: ['count==3'], 'hits{group:::setup}': ['count==1'], 'hits{group:::teardown}': ['count==1'] },
};

export function setup() {
  hits.add(1);
}

export default function () {
  hits.add(1);
}

export function teardown() {
  hits.add(1);
}
