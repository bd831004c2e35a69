// `test.abort()` in a socket's handler while other sockets of all VUs are open, in the middle of
// messages.
// compare: exit, console sorted, errors
import exec from 'k6/execution';
import { WebSocket } from 'k6/websockets';

export const options = {
  scenarios: { s: { executor: 'per-vu-iterations', vus: 4, iterations: 1, gracefulStop: '20s' } },
};

export default function () {
  for (let i = 0; i < 3; i++) {
    const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
    let answers = 0;
    socket.onopen = () => setInterval(() => socket.send('x'), 5);
    socket.onmessage = function answer() {
      answers += 1;
      if (exec.vu.idInTest === 1 && i === 2 && answers === 20) {
        exec.test.abort('from a handler');
      }
    };
  }
}

export function teardown() { console.log('teardown'); }
