// A value that means nothing: how it ends.
// compare: exit
export const options = { thresholds: { checks: 'rate>0' } };
export default function () {}
