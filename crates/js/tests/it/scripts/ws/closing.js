import { sleep } from 'k6';
import ws from 'k6/ws';

const path = (path, prepare = () => {}) => ws.connect(`${__ENV.WS}${path}`, null, (socket) => {
  socket.on('error', (error) => console.log('error', error.error()));
  socket.on('close', (code) => console.log('close', code));
  prepare(socket);
});

export default function () {
  for (const code of [1000, 1001, 1002, 1012, 1013, 3000]) path(`/echo?close=${code}&reason=why`);
  path('/echo?close=1011');
  path('/echo', (socket) => {
    socket.close();
    socket.send('too late');
    socket.close(4000);
    socket.ping();
  });
  path('/echo', (socket) => socket.on('open', () => socket.close(4000)));
  path('/echo', (socket) => socket.on('open', () => socket.close(1005)));
  path('/echo', (socket) => socket.on('close', () => {
    socket.close(4001);
    socket.send('in close');
  }) || socket.setTimeout(socket.close, 1));
  // What waits when the socket is closed has been received, and is not heard.
  path('/echo?push=5&interval=1', (socket) => socket.on('message', (text) => {
    sleep(0.5);
    console.log(text);
    socket.close();
  }));
}
