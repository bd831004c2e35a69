// A threshold on a metric that nobody defines is a configuration error.
// compare: exit, counts(iterations)
export const options = { thresholds: { no_such_metric: ['count>0'] } };

export default function () {}
