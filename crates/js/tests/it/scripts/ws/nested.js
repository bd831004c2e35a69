import ws from 'k6/ws';

export default function () {
  const url = `${__ENV.WS}/echo`;
  ws.connect(url, null, (outer) => {
    outer.on('open', () => {
      outer.send('outer');
      ws.connect(url, null, (inner) => {
        inner.on('open', () => inner.send('inner'));
        inner.on('message', (text) => { console.log(text); inner.close(); });
      });
      try {
        ws.connect(url, null, () => { throw new Error('in the inner one'); });
      } catch (error) {
        console.log(error.message);
      }
    });
    outer.on('message', (text) => { console.log(text); outer.close(); });
  });
}
