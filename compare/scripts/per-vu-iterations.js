// Each VU has its own number of iterations.
// compare: exit, console sorted, counts(iterations)
export const options = {
  scenarios: { own: { executor: 'per-vu-iterations', vus: 3, iterations: 4, maxDuration: '10s' } },
};

export default function () {
  console.log('VU', __VU, 'iteration', __ITER);
}
