// An exception in a handler ends the iteration; the next one is not harmed.
// args: --iterations 2
// compare: exit, console, errors, counts(iterations, ws_sessions)
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  socket.onopen = () => {
    console.log('open', __ITER);
    if (__ITER === 0) {
      throw new Error('in onopen');
    }
    socket.close();
  };
}
