// Thresholds that are not asked.
// env: K6_NO_THRESHOLDS=true
// compare: exit
export const options = { thresholds: { iterations: ['count>5'] } };
export default function () {}
