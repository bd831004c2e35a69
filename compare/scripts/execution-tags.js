// Tags and metadata of a VU stay for its scenario, from one iteration to the next.
// args: --vus 1 --iterations 2
// compare: exit, console, counts(cc, cc{keep:k})
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';

export const options = { thresholds: { 'cc{keep:k}': [] } };

const cc = new Counter('cc');
const sorted = (object) => JSON.stringify(Object.entries(object).sort());

export default function () {
  console.log(sorted(exec.vu.metrics.tags), sorted(exec.vu.metrics.metadata));
  cc.add(1);
  exec.vu.metrics.tags.keep = 'k';
  exec.vu.metrics.tags.gone = 1;
  delete exec.vu.metrics.tags.gone;
  exec.vu.metrics.metadata.trace = `t${exec.vu.iterationInScenario}`;
  exec.vu.metrics.metadata.flag = true;
  exec.vu.metrics.metadata.gone = 2;
  delete exec.vu.metrics.metadata.gone;
  for (const value of [{}, [], null, undefined]) {
    for (const kind of ['tags', 'metadata']) {
      try {
        exec.vu.metrics[kind].bad = value;
        console.log('taken');
      } catch (error) {
        console.log(error.name, error.message);
      }
    }
  }
  console.log(sorted(exec.vu.tags), sorted(exec.vu.metrics.metadata), 'trace' in exec.vu.metrics.metadata);
  console.log(Object.keys(exec.vu).sort().join(), Object.keys(exec.scenario).sort().join(), Object.keys(exec.test).sort().join());
}
