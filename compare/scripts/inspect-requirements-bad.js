// What makes no test.
// command: inspect --execution-requirements
// compare: exit, errors
export const options = { vus: 0, iterations: 3 };
export default function () {}
