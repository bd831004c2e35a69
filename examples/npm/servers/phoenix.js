// A server of Phoenix channels, protocol 2.0.0: there is none on npm, and the protocol is small. A
// message is [join_ref, ref, topic, event, payload]. `shout` is told to all of the channel, `echo`
// is answered, `drop` drops the socket.
// https://hexdocs.pm/phoenix/writing_a_channels_client.html
import { WebSocketServer } from 'ws';

import { count, counts, listen, server } from './counted.js';

Object.assign(counts, { joins: 0, echoes: 0, shouts: 0, heartbeats: 0 });

/** Topic to its members: socket to join_ref. */
const channels = new Map();

new WebSocketServer({ server, path: '/socket/websocket' }).on('connection', (socket, request) => {
  if (new URL(request.url, 'http://localhost').searchParams.get('vsn') !== '2.0.0') return socket.close(1008);
  count(socket);
  socket.on('message', (text) => receive(socket, JSON.parse(text)));
  socket.on('close', () => channels.forEach((members) => members.delete(socket)));
});

function receive(socket, [joinRef, ref, topic, event, payload]) {
  const push = (to, ...message) => to.send(JSON.stringify(message));
  const reply = (status, response) => push(socket, joinRef, ref, topic, 'phx_reply', { status, response });
  if (topic === 'phoenix' && event === 'heartbeat') {
    counts.heartbeats += 1;
    return reply('ok', {});
  }
  if (event === 'phx_join') {
    if (!topic.startsWith('room:')) return reply('error', { reason: 'unmatched topic' });
    counts.joins += 1;
    if (!channels.has(topic)) channels.set(topic, new Map());
    channels.get(topic).set(socket, joinRef);
    return reply('ok', { welcome: payload.name });
  }
  const members = channels.get(topic);
  if (!members?.has(socket)) return reply('error', { reason: 'not joined' });
  switch (event) {
    case 'phx_leave':
      members.delete(socket);
      reply('ok', {});
      return push(socket, joinRef, ref, topic, 'phx_close', {});
    case 'echo':
      counts.echoes += 1;
      return reply('ok', payload);
    case 'shout':
      counts.shouts += 1;
      members.forEach((memberRef, member) => push(member, null, null, topic, 'shout', payload));
      return reply('ok', {});
    case 'drop':
      return socket.terminate();
    default:
      return reply('error', { reason: `no event ${event}` });
  }
}

listen();
