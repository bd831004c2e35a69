// A threshold that cannot be parsed is a configuration error.
// compare: exit, counts(iterations)
export const options = { thresholds: { checks: ['rate ~ 1'] } };

export default function () {}
