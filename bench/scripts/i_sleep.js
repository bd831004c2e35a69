// shape: VUs that only sleep, N of them
// per: iterations
// sizes: 1000 10000
// one: VU
// hold: 4
import { sleep } from 'k6';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: Number(__ENV.N), iterations: 1 } } };

export default function () {
  sleep(6);
}
