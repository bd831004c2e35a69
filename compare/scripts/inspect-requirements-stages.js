// What stages mean.
// command: inspect --execution-requirements
// compare: exit, json
export const options = { vus: 2, stages: [{ duration: '10s', target: 5 }, { duration: '1m', target: 0 }] };
export default function () {}
