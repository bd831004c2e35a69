export const options = { thresholds: { checks: ['p(95)>0.5'] } };
export default function () {}
