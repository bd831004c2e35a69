import exec from 'k6/execution';
import ws from 'k6/ws';

export default function () {
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    socket.on('open', () => { console.log('open'); exec.test.abort('enough'); });
    socket.on('close', () => console.log('never'));
  });
  console.log('never');
}
