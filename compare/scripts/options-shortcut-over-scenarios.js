// A variable that puts the scenarios aside.
// env: K6_ITERATIONS=2
// compare: exit, warnings, counts(iterations)
export const options = {
  scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 3 } },
};
export default function () {}
