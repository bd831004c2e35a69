// Tags of the params are on the samples of the session, and on those of no other.
// compare: exit, thresholds, counts(ws_sessions{room:a}, ws_msgs_received{room:a}, ws_sessions{room:b})
import ws from 'k6/ws';

export const options = {
  thresholds: {
    'ws_sessions{room:a}': ['count==2'],
    'ws_msgs_received{room:a}': ['count==2'],
    'ws_sessions{room:b}': ['count==1'],
  },
};

export default function () {
  for (const room of ['a', 'b', 'a']) {
    ws.connect(`${__ENV.WS_URL}/echo`, { tags: { room } }, (socket) => {
      socket.on('open', () => socket.send('hello'));
      socket.on('message', () => socket.close());
    });
  }
}
