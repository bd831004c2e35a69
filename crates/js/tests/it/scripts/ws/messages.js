import ws, { connect } from 'k6/ws';

export default function () {
  console.log(ws.connect === connect, connect.name);
  const response = connect(`${__ENV.WS}/echo`, function (socket) {
    console.log(this === undefined, arguments.length, Object.keys(socket).sort().join());
    const texts = ['', 'one', 'trois ☃', '\ud800'];
    const got = [];
    socket.on('open', function () { console.log('open', this === undefined, arguments.length); });
    socket.on('open', () => {
      console.log(texts.map((text) => socket.send(text)).join());
      socket.send();
      socket.send(null);
      socket.send(5);
      socket.send({ toString: () => 'object' });
    });
    socket.on('message', (text, ...rest) => {
      console.log(typeof text, JSON.stringify(text), rest.length);
      got.push(text);
      if (got.length === 8) socket.close();
    });
    socket.on('close', (code) => console.log('close', code));
    socket.on('error', (error) => console.log('error', error.error()));
    socket.on('unknown', () => {});
    socket.on('message', 5);
    socket.on();
  });
  console.log(response.url === `${__ENV.WS}/echo`, response.status, response.body, response.error, response.error_code);
  console.log(Object.keys(response.headers).sort().join());
}
