// run: --with-server
import { WebSocket } from 'k6/websockets';

// No such host: every name leads to the built-in server, with and without TLS.
export default function () {
  for (const scheme of ['ws', 'wss']) {
    const socket = new WebSocket(`${scheme}://echo.example/echo`);
    socket.onopen = () => socket.send(scheme);
    socket.onmessage = (event) => {
      if (event.data !== scheme) throw new Error(`not my message: ${event.data}`);
      socket.close();
    };
  }
}
