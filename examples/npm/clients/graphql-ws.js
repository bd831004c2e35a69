// graphql-ws: a query, a subscription, and with -e DROP=1 one after the loss of its socket.
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { createClient } from 'graphql-ws';

export const options = {
  vus: 5,
  iterations: 10,
  thresholds: { checks: ['rate==1'], ws_errors: [`count==${__ENV.DROP ? 10 : 0}`], query_time: ['p(95)<1000'] },
};

const queries = new Counter('queries');
const subscriptions = new Counter('subscriptions');
const values = new Counter('values');
const queryTime = new Trend('query_time', true);

export default async function () {
  const client = createClient({
    url: `ws://${__ENV.ADDRESS ?? '127.0.0.1:3000'}/graphql`,
    lazy: false,
    // Errors of subscriptions reach their iterators; this is for the connection.
    onNonLazyError: () => {},
    retryWait: () => new Promise((resolve) => { setTimeout(resolve, 50); }),
    shouldRetry: () => true,
  });
  for (let number = 0; number < 5; number++) await query(client, `größer ${number}`);
  await countdown(client, 10);
  if (__ENV.DROP) {
    const closed = new Promise((resolve) => { client.on('closed', resolve); });
    // The socket goes before the answer; on the next one the client asks again.
    const answer = run(client, 'mutation ($id: ID!) { drop(id: $id) }', { id: `${__VU} ${__ITER}` });
    check(await closed, { 'dropped': ({ code }) => code === 1006 });
    check(await answer, { 'answered after all': ([{ data }]) => data.drop });
  }
  await client.dispose();
}

async function query(client, text) {
  const started = performance.now();
  const [result] = await run(client, 'query ($text: String!) { echo(text: $text) }', { text });
  queryTime.add(performance.now() - started);
  queries.add(1);
  check(result, { 'echoed': ({ data }) => data.echo === text });
}

async function countdown(client, from) {
  const results = await run(client, 'subscription ($from: Int!) { countdown(from: $from) }', { from });
  subscriptions.add(1);
  values.add(results.length);
  check(results, {
    'counted down': () => results.length === from && results.every(({ data }, at) => data.countdown === from - at),
  });
}

async function run(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
}
