// k6/ws: what a handler throws comes out of `connect`; the socket is closed first.
// compare: exit, console, errors, counts(iterations, ws_sessions, ws_session_duration, ws_msgs_sent)
import ws from 'k6/ws';

const attempt = (name, prepare, path = '/echo') => {
  try {
    ws.connect(`${__ENV.WS_URL}${path}`, null, (socket) => {
      socket.on('close', (code) => console.log(name, 'close', code));
      prepare(socket);
    });
    console.log(name, 'returned');
  } catch (error) {
    console.log(name, 'threw', error.message ?? error);
  }
};

export default function () {
  attempt('callback', () => { throw new Error('1'); });
  attempt('open', (socket) => {
    socket.on('open', () => { socket.send('a'); throw new TypeError('2'); });
    socket.on('open', () => console.log('never'));
  });
  attempt('close', (socket) => {
    socket.on('open', () => socket.close(1000));
    socket.on('close', () => { throw new Error('3'); });
  });
  attempt('both', (socket) => {
    socket.on('close', () => { throw new Error('the second'); });
    throw new Error('the first');
  });
  attempt('timeout', (socket) => socket.setTimeout(() => { throw new Error('4'); }, 10));
  attempt('interval', (socket) => {
    let count = 0;
    socket.setInterval(() => { if (++count === 3) throw new Error('5'); }, 10);
  });
  attempt('no error', (socket) => socket.on('open', () => { throw 6; }));
  attempt('error', (socket) => socket.on('error', (error) => { throw new Error(error.error()); }), '/echo?close=1011');
  ws.connect(`${__ENV.WS_URL}/echo`, null, (socket) => {
    socket.on('open', () => { throw new Error('nobody catches this'); });
  });
  console.log('never');
}
