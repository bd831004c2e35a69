// k6/ws: the end of the test ends `connect` at once, and no handler hears of it.
// compare: exit, console, counts(ws_sessions, ws_msgs_sent)
import ws from 'k6/ws';

export const options = {
  scenarios: { one: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } },
};

export default function () {
  try {
    ws.connect(`${__ENV.WS_URL}/echo`, null, (socket) => {
      socket.on('open', () => { console.log('open'); socket.send('x'); });
      socket.on('close', () => console.log('never'));
      socket.on('error', () => console.log('never'));
    });
    console.log('never');
  } catch (error) {
    console.log('never');
  } finally {
    console.log('never');
  }
}
