// STOMP over WebSocket, by stomp-broker-js: each subscription is told when it is there, what is sent
// to `/drop` drops its sender.
import StompServer from 'stomp-broker-js';

import { count, counts, listen, server } from './counted.js';

Object.assign(counts, { sent: 0, subscriptions: 0 });
const broker = new StompServer({ server, path: '/stomp' });

broker.socket.on('connection', (socket) => {
  count(socket);
  // The broker also sends to those whose closing has begun, which its `ws` throws for.
  const send = socket.send.bind(socket);
  socket.send = (...what) => { if (socket.readyState === socket.OPEN) send(...what); };
});
broker.addMiddleware('send', (socket, frame, next) => {
  if (frame.dest === '/drop') return socket.terminate();
  // Not what the broker itself says.
  if (socket.terminate) counts.sent += 1;
  return next();
});
broker.on('subscribe', ({ topic }) => {
  counts.subscriptions += 1;
  broker.send(topic, {}, 'subscribed');
});

listen();
