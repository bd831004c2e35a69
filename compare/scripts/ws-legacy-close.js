// k6/ws: who closes, with which code, and which codes are errors.
// compare: exit, console, counts(ws_sessions, ws_session_duration)
import ws from 'k6/ws';

export default function () {
  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999]) {
    ws.connect(`${__ENV.WS_URL}/echo?close=${code}&reason=why`, null, (socket) => {
      socket.on('error', (error) => console.log('error', error.error()));
      socket.on('close', (got) => console.log('close', code, got));
    });
  }
  for (const own of [[], [1000], [4001]]) {
    ws.connect(`${__ENV.WS_URL}/echo`, null, (socket) => {
      socket.on('open', () => socket.close(...own));
      socket.on('close', (got) => console.log('own', got));
    });
  }
  ws.connect(`${__ENV.WS_URL}/echo`, null, (socket) => {
    socket.on('open', () => console.log('open after close'));
    socket.on('error', (error) => console.log('error', error.error()));
    socket.on('close', (got) => console.log('early', got));
    socket.close();
    socket.send('too late');
    socket.close(4002);
  });
}
