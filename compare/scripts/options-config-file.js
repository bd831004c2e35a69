// A configuration file, below everything else.
// args: --config lib/config.json --tag from=flag
// env: K6_ITERATIONS=6
// compare: exit, console, counts(iterations)
import exec from 'k6/execution';
export const options = { vus: 2 };
export default function () {
  if (exec.scenario.iterationInTest === 0) {
    console.log(JSON.stringify(exec.test.options.tags));
  }
}
