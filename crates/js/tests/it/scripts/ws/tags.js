import ws from 'k6/ws';

export default function () {
  ws.connect(`${__ENV.WS}/echo`, { tags: { mine: 'tag', status: 'mine' } }, (socket) => {
    socket.on('open', () => socket.send('a'));
    socket.on('message', () => socket.close());
  });
}
