// Many sockets on one VU: each lives its own life, and the iteration lasts as long as the last.
// compare: exit, console, counts(iterations, ws_sessions, ws_msgs_sent, ws_msgs_received)
import { WebSocket } from 'k6/websockets';

const SOCKETS = 30;

export default function () {
  let closed = 0;
  let sum = 0;
  for (let id = 0; id < SOCKETS; id++) {
    const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
    socket.onopen = () => socket.send(`${id}`);
    socket.onmessage = ({ data }) => {
      sum += Number(data);
      setTimeout(() => socket.close(), 10 + id);
    };
    socket.onclose = () => {
      closed += 1;
      if (closed === SOCKETS) {
        console.log('sum', sum);
      }
    };
  }
}
