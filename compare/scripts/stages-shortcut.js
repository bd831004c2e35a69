// --stage is the ramping executor, starting from the VUs that are asked for.
// args: --vus 2 --stage 500ms:2 --stage 200ms:0
// compare: exit, console sorted, counts(iterations~2)
import { sleep } from 'k6';
import exec from 'k6/execution';

export default function () {
  if (exec.vu.iterationInScenario === 0) {
    console.log(exec.scenario.name, exec.scenario.executor, exec.vu.idInTest);
  }
  sleep(0.2);
}
