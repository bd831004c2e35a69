// ping() is answered: a pong event and one sample of ws_ping each.
// compare: exit, console, counts(ws_sessions)
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  let pongs = 0;
  socket.onopen = () => {
    socket.ping();
    socket.ping();
  };
  socket.onpong = ({ type }) => {
    pongs += 1;
    console.log(type, pongs);
    if (pongs === 2) {
      socket.close();
    }
  };
}
