export const options = { thresholds: { my_metric: ['count>0'] } };
export default function () {}
