// k6/execution: where a script can see itself.
// args: --iterations 3
// compare: exit, console
import exec from 'k6/execution';

export default function () {
  const { scenario, vu, instance } = exec;
  console.log(scenario.name, scenario.executor, scenario.iterationInInstance, scenario.iterationInTest);
  console.log(vu.idInInstance, vu.idInTest, vu.iterationInInstance, vu.iterationInScenario);
  console.log(instance.vusActive, instance.vusInitialized, instance.iterationsCompleted, instance.iterationsInterrupted);
  console.log(Date.now() - scenario.startTime < 5000, scenario.progress >= 0, instance.currentTestRunDuration > 0);
  console.log(__VU, __ITER);
}
