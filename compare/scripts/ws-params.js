// Tags and headers of one socket; the tags reach its metrics.
// compare: exit, console, thresholds, counts(ws_sessions{room:a}, ws_msgs_sent{room:a})
import { WebSocket } from 'k6/websockets';

export const options = {
  tags: { run: 'compare' },
  thresholds: {
    'ws_sessions{room:a}': ['count==1'],
    'ws_msgs_sent{room:a}': ['count>0'],
    'ws_sessions{run:compare}': ['count==2'],
  },
};

function open(room) {
  const params = { tags: { room }, headers: { 'X-Room': room } };
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`, null, params);
  socket.onopen = () => socket.send(room);
  socket.onmessage = () => socket.close();
}

export default function () {
  open('a');
  open('b');
}
