// Many WebSockets on one TCP connection: HTTP/2 streams, where the server announces them (RFC 8441).
//
//   sockeye run --with-server examples/websocket-http2.js

import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

const ECHO_URL = __ENV.ECHO_URL || 'ws://echo.example/echo';
const SOCKETS = 20;

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: {
    checks: ['rate==1'],
    // Every socket waits for this, only the first of each VU for TCP and TLS.
    'ws_connect_upgrade{proto:HTTP/2.0}': ['p(95)<1000'],
  },
};

export default function () {
  for (let number = 0; number < SOCKETS; number++) {
    const socket = new WebSocket(ECHO_URL, null, { http2: true });

    socket.onopen = () => {
      // Without `http2`, or if the server knows nothing of it: HTTP/1.1.
      check(socket.response, { 'over HTTP/2': ({ proto }) => proto === 'HTTP/2.0' });
      socket.send(`hello from ${number}`);
    };

    socket.onmessage = ({ data }) => {
      check(data, { 'it is an echo': (text) => text === `hello from ${number}` });
      socket.close();
    };

    socket.onerror = ({ error }) => {
      console.error(`socket ${number} failed: ${error}`);
      check(error, { 'no error': () => false });
    };
  }
}
