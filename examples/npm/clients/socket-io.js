// socket.io-client: asks, hears its room, and with -e DROP=1 survives the loss of its socket.
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { io } from 'socket.io-client';

export const options = {
  vus: 5,
  iterations: 10,
  thresholds: { checks: ['rate==1'], ws_errors: [`count==${__ENV.DROP ? 10 : 0}`], answer_time: ['p(95)<1000'] },
};

const asked = new Counter('asked');
const told = new Counter('told');
const answerTime = new Trend('answer_time', true);

export default async function () {
  const socket = io(`http://${__ENV.ADDRESS ?? '127.0.0.1:3000'}`, {
    // The other transports are HTTP requests.
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 50,
  });
  await connected(socket);
  check(socket.io.engine.transport.name, { 'by WebSocket': (name) => name === 'websocket' });

  for (let number = 0; number < 5; number++) await ask(socket, { number, text: 'größer', bytes: new Uint8Array([1, 2, 3]) });
  await hearRoom(socket, `room ${__VU} ${__ITER}`);
  if (__ENV.DROP) {
    const dropped = new Promise((resolve) => { socket.once('disconnect', resolve); });
    socket.emit('drop');
    check(await dropped, { 'dropped': (reason) => reason.startsWith('transport ') });
    await connected(socket);
    await ask(socket, { text: 'again' });
  }
  socket.disconnect();
}

function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    if (!__ENV.DROP) socket.once('connect_error', reject);
  });
}

async function ask(socket, question) {
  const started = performance.now();
  const answer = await socket.timeout(10_000).emitWithAck('echo', question);
  answerTime.add(performance.now() - started);
  asked.add(1);
  check(answer, {
    'answered': ({ number, text }) => number === question.number && text === question.text,
    'with the bytes': ({ bytes }) => question.bytes === undefined || new Uint8Array(bytes).join() === '1,2,3',
  });
}

async function hearRoom(socket, room) {
  await socket.timeout(10_000).emitWithAck('join', room);
  const heard = [];
  const all = new Promise((resolve) => {
    socket.on('told', (text) => { if (heard.push(text) === 3) resolve(); });
  });
  for (const text of ['one', 'two', 'three']) {
    socket.emit('tell', room, text);
    told.add(1);
  }
  await all;
  check(heard, { 'heard in order': () => heard.join() === 'one,two,three' });
}
