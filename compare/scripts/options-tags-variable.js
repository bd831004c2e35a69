// Tags from a variable have colons.
// env: K6_TAGS=a:b,c:d
// compare: exit, console
import exec from 'k6/execution';
export const options = {};
export default function () {
  if (exec.scenario.iterationInTest === 0) {
    console.log(JSON.stringify(exec.test.options.tags));
  }
}
