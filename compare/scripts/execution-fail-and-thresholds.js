// A test that is marked as failed and crosses a threshold.
// compare: exit, console, errors, thresholds
import exec from 'k6/execution';

export const options = { thresholds: { iterations: ['count>5'] } };

export default function () {
  exec.test.fail('marked');
}
