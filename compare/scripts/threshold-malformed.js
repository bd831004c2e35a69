// An expression without an operator is an error before anything runs.
// compare: exit, console
export const options = { thresholds: { iterations: ['count'] } };

export default function () {
  console.log('never');
}
