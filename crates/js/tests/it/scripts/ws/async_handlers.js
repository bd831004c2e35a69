import ws from 'k6/ws';

export default async function () {
  await null;
  ws.connect(`${__ENV.WS}/echo`, null, async (socket) => {
    socket.on('open', async () => {
      console.log('open');
      socket.setTimeout(socket.close, 5);
      await null;
      console.log('the rest of open');
    });
    await null;
    console.log('the rest of the callback');
    socket.on('close', () => console.log('never'));
  });
  console.log('returned');
  await null;
  console.log('the end');
}
