// iterations: 2
// Many sockets on one connection of HTTP/2, which the next iteration uses again.
import { WebSocket } from 'k6/websockets';

const count = 5;

export default async function () {
  const sockets = [];
  for (let i = 0; i < count; i++) {
    sockets.push(new WebSocket(`${__ENV.WS}/echo`, 'one', { http2: true, compression: i % 2 ? 'deflate' : '' }));
  }
  const closed = sockets.map((ws, i) => new Promise((resolve) => {
    ws.onopen = () => ws.send(`message ${i}`.repeat(10));
    ws.onmessage = ({ data }) => { ws.heard = data.length; ws.close(3000, 'bye'); };
    ws.onerror = (event) => console.log('error', event.message);
    ws.onclose = ({ code, reason, wasClean }) => resolve([code, reason, wasClean]);
  }));
  const ends = await Promise.all(closed);
  sockets.forEach((ws, i) => {
    const { status, proto, headers } = ws.response;
    console.log(i, status, proto, headers['Sec-Websocket-Protocol'], ws.protocol, ws.extensions, ws.heard, ends[i].join());
  });

  console.log('refused');
  const refused = new WebSocket(`${__ENV.WS}/status/418`, null, { http2: true });
  await new Promise((resolve) => {
    refused.onerror = ({ error, errorCode, response }) => console.log(error, errorCode, response.status, response.proto);
    refused.onclose = ({ code }) => { console.log(code); resolve(); };
  });

  console.log('given up');
  const early = new WebSocket(`${__ENV.WS}/echo`, null, { http2: true });
  early.onerror = ({ error }) => console.log(error);
  early.close();
  await new Promise((resolve) => { early.onclose = ({ code }) => { console.log(code); resolve(); }; });

  console.log('closed by the server');
  const other = new WebSocket(`${__ENV.WS}/echo?close=4001&reason=enough`, null, { http2: true });
  await new Promise((resolve) => { other.onclose = ({ code, reason }) => { console.log(code, reason); resolve(); }; });
}
