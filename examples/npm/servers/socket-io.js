// socket.io: echoes to who asks, tells a room, and drops who wants to be dropped.
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';

import { count, counts, listen, server } from './counted.js';

Object.assign(counts, { asked: 0, told: 0 });
const wsEngine = class extends WebSocketServer {
  handleUpgrade(request, socket, head, done) {
    super.handleUpgrade(request, socket, head, (webSocket) => done(count(webSocket)));
  }
};
const io = new Server(server, { transports: ['websocket'], wsEngine });

io.on('connection', (socket) => {
  socket.on('join', (room, done) => {
    socket.join(room);
    done();
  });
  socket.on('echo', (value, answer) => {
    counts.asked += 1;
    answer(value);
  });
  socket.on('tell', (room, text) => {
    counts.told += 1;
    io.to(room).emit('told', text);
  });
  socket.on('drop', () => socket.conn.transport.socket.terminate());
});

listen();
