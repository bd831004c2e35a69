// An HTTP server for one of the servers here, and what passed over its WebSockets. The first line of
// its output is its address as JSON, the last one, when its input ends, what it counted.
import { createServer } from 'node:http';

export const server = createServer();

/** Messages are those of WebSocket; each kind of server adds what its own protocol counts. */
export const counts = { sessions: 0, open: 0, messages_received: 0, messages_sent: 0 };

/** Counts what passes over a socket of the package `ws`, of any version. */
export function count(socket) {
  counts.sessions += 1;
  counts.open += 1;
  socket.on('close', () => { counts.open -= 1; });
  socket.on('message', () => { counts.messages_received += 1; });
  // Below `send`, since some servers have their frames encoded already.
  const sender = socket._sender;
  const { sendFrame } = sender;
  sender.sendFrame = function (list, callback) {
    const opcode = list[0][0] & 0x0f;
    if (opcode === 1 || opcode === 2) counts.messages_sent += 1;
    return sendFrame.call(this, list, callback);
  };
  return socket;
}

export function listen() {
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    const { port } = server.address();
    console.log(JSON.stringify({ address: `127.0.0.1:${port}` }));
  });
  process.stdin.on('end', async () => {
    // The last sockets may be closing.
    for (let tries = 0; counts.open > 0 && tries < 20; tries++) await new Promise((done) => { setTimeout(done, 50); });
    console.log(JSON.stringify(counts));
    process.exit();
  });
  process.stdin.resume();
}
