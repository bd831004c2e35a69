// `test.abort()` while sockets are open and timers wait: nothing of them is heard of again.
// compare: exit, console sorted, errors
import exec from 'k6/execution';
import { WebSocket } from 'k6/websockets';

export const options = {
  scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 1, gracefulStop: '20s' } },
};

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.onopen = () => {
    console.log('open');
    setTimeout(() => console.log('never'), 15000);
    if (exec.vu.idInTest === 1) setTimeout(() => exec.test.abort('now'), 500);
  };
}

export function teardown() { console.log('teardown'); }
