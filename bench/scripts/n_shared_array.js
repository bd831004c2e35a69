// shape: 1,000 VUs that read a SharedArray of N MB, for 4 s
// per: iterations
// sizes: 0 20
import { sleep } from 'k6';
import { SharedArray } from 'k6/data';

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 1000, iterations: 1 } } };

// A thousand bytes each, as JSON.
const record = (id) => ({ id, name: `user ${id}`, note: String.fromCharCode(97 + (id % 26)).repeat(950) });

const users = new SharedArray('users', () => Array.from({ length: Number(__ENV.N) * 1000 + 1 }, (_, id) => record(id)));

export default function () {
  for (let i = 0; i < 8; i++) {
    const user = users[(__VU * 8 + i) % users.length];
    if (user.note.length !== 950) throw new Error('another record');
    sleep(0.5);
  }
}
