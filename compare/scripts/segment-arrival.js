// The moments of a segment are its own among those of the whole test.
// args: --execution-segment 0:1/3 --execution-segment-sequence 0,1/3,2/3,1
// compare: exit, console sorted, counts(iterations)
import exec from 'k6/execution';

export const options = {
  scenarios: {
    part: { executor: 'constant-arrival-rate', rate: 10, duration: '950ms', preAllocatedVUs: 5, maxVUs: 7 },
  },
};

export default function () {
  const tenths = Math.round((Date.now() - exec.scenario.startTime) / 100);
  console.log('iteration', exec.scenario.iterationInTest, 'here', exec.scenario.iterationInInstance);
  if (Math.abs(tenths - exec.scenario.iterationInTest) > 2) console.log('late by', tenths);
}
