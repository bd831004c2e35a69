// Text and binary there and back: the smallest useful WebSocket test.
//
//   sockeye run --with-server examples/echo.js

import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

const ECHO_URL = __ENV.ECHO_URL || 'ws://echo.example/echo';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { checks: ['rate==1'] },
};

export default function () {
  const socket = new WebSocket(ECHO_URL);
  socket.binaryType = 'arraybuffer';

  const bytes = new Uint8Array([1, 2, 3, 250]);
  const expected = ['hello', bytes];

  socket.onopen = () => {
    socket.send('hello');
    socket.send(bytes.buffer);
  };

  socket.onmessage = ({ data }) => {
    const sent = expected.shift();
    if (typeof sent === 'string') {
      check(data, { 'text comes back': (text) => text === sent });
    } else {
      const got = new Uint8Array(data);
      check(got, {
        'bytes come back': (array) =>
          array.length === sent.length && array.every((byte, at) => byte === sent[at]),
      });
    }
    if (expected.length === 0) {
      socket.close(1000);
    }
  };

  socket.onerror = ({ error }) => {
    console.error(`echo failed: ${error}`);
    check(error, { 'no error': () => false });
  };
}
