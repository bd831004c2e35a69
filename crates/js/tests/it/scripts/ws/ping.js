import ws from 'k6/ws';

export default function () {
  ws.connect(`${__ENV.WS}/echo`, null, (socket) => {
    let pongs = 0;
    socket.on('open', () => { socket.ping(); socket.ping(); });
    socket.on('pong', (...args) => { console.log('pong', args.length); if (++pongs === 2) socket.close(); });
  });
}
