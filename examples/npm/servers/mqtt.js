// MQTT over WebSocket, by aedes: what is published to `drop` drops its publisher.
import { Aedes } from 'aedes';
import { WebSocketServer, createWebSocketStream } from 'ws';

import { count, counts, listen, server } from './counted.js';

Object.assign(counts, { published: 0, subscriptions: 0 });
const broker = await Aedes.createBroker();
const handleProtocols = (protocols) => (protocols.has('mqtt') ? 'mqtt' : false);

new WebSocketServer({ server, handleProtocols }).on('connection', (socket, request) => {
  count(socket);
  const stream = createWebSocketStream(socket);
  // A client that is dropped is no news.
  stream.on('error', () => {});
  stream.drop = () => socket.terminate();
  broker.handle(stream, request);
});
broker.on('subscribe', (subscriptions) => { counts.subscriptions += subscriptions.length; });
broker.on('publish', (packet, client) => {
  if (!client) return;
  if (packet.topic === 'drop') client.conn.drop();
  else counts.published += 1;
});

listen();
