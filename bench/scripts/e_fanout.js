// shape: fan-out, one publisher says N things to a room of 1,000 subscribers, 20 VUs with 50 sockets each
// per: ws_msgs_received
// sizes: 300
import { WebSocket } from 'k6/websockets';

export const options = {
  scenarios: {
    subscribers: { executor: 'per-vu-iterations', vus: 20, iterations: 1, exec: 'subscribe' },
    publisher: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'publish', startTime: '2s' },
  },
};

const room = `${__ENV.WS_URL}/ws/fanout`;
const last = 'that is all';

export function subscribe() {
  for (let i = 0; i < 50; i++) {
    const socket = new WebSocket(room);
    socket.onmessage = (event) => { if (event.data.includes(last)) socket.close(); };
  }
}

export function publish() {
  const socket = new WebSocket(room);
  let left = Number(__ENV.N);
  const say = (message) => socket.send(JSON.stringify({ event: 'SAY', message }));
  // The next is said when the room, this socket among it, has heard the one before.
  socket.onopen = () => say('something to be heard');
  socket.onmessage = (event) => {
    if (event.data.includes(last)) socket.close();
    else if (event.data.includes('something')) say(--left > 0 ? 'something to be heard' : last);
  };
}
