// phoenix: joins a channel, pushes, hears its own broadcast, and with -e DROP=1 does so again after
// the loss of its socket.
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { Socket } from 'phoenix';

export const options = {
  vus: 5,
  iterations: 10,
  thresholds: { checks: ['rate==1'], ws_errors: [`count==${__ENV.DROP ? 10 : 0}`], reply_time: ['p(95)<1000'] },
};

const joins = new Counter('joins');
const echoes = new Counter('echoes');
const shouts = new Counter('shouts');
const replyTime = new Trend('reply_time', true);

export default async function () {
  const socket = new Socket(`ws://${__ENV.ADDRESS ?? '127.0.0.1:3000'}/socket`, {
    reconnectAfterMs: () => 50,
    rejoinAfterMs: () => 50,
  });
  socket.connect();
  const channel = socket.channel(`room:${__VU}`, { name: `user ${__VU}` });
  check(await reply(channel.join()), { 'joined': ({ welcome }) => welcome === `user ${__VU}` });
  joins.add(1);
  for (let number = 0; number < 5; number++) await echo(channel, number);
  await hearShout(channel);
  if (__ENV.DROP) {
    const isClosed = new Promise((resolve) => { socket.onClose(resolve); });
    // It gets no reply, and waits for one as long as it is told; so does the iteration.
    channel.push('drop', {}, 100);
    check(await isClosed, { 'dropped': ({ code }) => code === 1006 });
    // It connects and joins again by itself, and what was pushed meanwhile goes out then.
    await echo(channel, 6);
    joins.add(1);
  }
  await reply(channel.leave());
  await new Promise((resolve) => { socket.disconnect(resolve, 1000, 'done'); });
}

function reply(push) {
  return new Promise((resolve, reject) => {
    push.receive('ok', resolve)
      .receive('error', ({ reason }) => reject(new Error(reason)))
      .receive('timeout', () => reject(new Error('no reply in time')));
  });
}

async function echo(channel, number) {
  const started = performance.now();
  const answer = await reply(channel.push('echo', { number, text: 'größer' }));
  replyTime.add(performance.now() - started);
  echoes.add(1);
  check(answer, { 'echoed': () => answer.number === number && answer.text === 'größer' });
}

async function hearShout(channel) {
  const isHeard = new Promise((resolve) => { channel.on('shout', resolve); });
  await reply(channel.push('shout', { text: 'hello' }));
  shouts.add(1);
  check(await isHeard, { 'heard the shout': ({ text }) => text === 'hello' });
}
