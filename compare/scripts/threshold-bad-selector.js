// A sub-metric whose braces do not pair is an error before anything runs.
// compare: exit, console, errors
export const options = { thresholds: { 'iterations{scenario:default': ['count>0'] } };

export default function () {
  console.log('never');
}
