// GraphQL over WebSocket, by graphql-ws: a query, a subscription, and a mutation that drops the socket.
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

import { count, counts, listen, server } from './counted.js';

Object.assign(counts, { queries: 0, subscriptions: 0, values: 0 });

const schema = buildSchema(`
  type Query { echo(text: String!): String! }
  type Mutation { drop(id: ID!): Boolean! }
  type Subscription { countdown(from: Int!): Int! }
`);

/** The client asks again once it has a socket again: each of these is dropped once. */
const dropped = new Set();

const roots = {
  query: {
    echo({ text }) {
      counts.queries += 1;
      return text;
    },
  },
  mutation: {
    drop({ id }, context) {
      if (!dropped.has(id)) {
        dropped.add(id);
        context.extra.socket.terminate();
      }
      return true;
    },
  },
  subscription: {
    async *countdown({ from }) {
      counts.subscriptions += 1;
      for (let value = from; value > 0; value--) {
        counts.values += 1;
        yield { countdown: value };
      }
    },
  },
};

const sockets = new WebSocketServer({ server, path: '/graphql' });
sockets.on('connection', count);
useServer({ schema, roots, context: (context) => context }, sockets);

listen();
