import ws from 'k6/ws';

export default function () {
  ws.connect(`${__ENV.WS}/echo`, { compression: 'deflate' }, (socket) => {
    socket.on('open', () => {
      const gone = new ArrayBuffer(4);
      gone.transfer();
      for (const wrong of [[], ['text'], [new Uint8Array(2)], [null], [Object.create(null)], [Symbol('s')], [gone]]) {
        try {
          socket.sendBinary(...wrong);
          console.log('sent');
        } catch (error) {
          console.log(error.name, error.message);
        }
      }
      socket.sendBinary(new Uint8Array([1, 2, 3]).buffer);
      socket.sendBinary(new ArrayBuffer(0));
    });
    socket.on('binaryMessage', (data) => {
      console.log(data instanceof ArrayBuffer, data.byteLength);
      if (data.byteLength === 0) socket.close();
    });
    socket.on('message', () => console.log('never'));
  });
}
