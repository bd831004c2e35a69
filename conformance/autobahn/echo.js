// Plays the client in every case of a running Autobahn fuzzing server, by echoing its messages.
// AUTOBAHN is the server's URL, PARALLEL how many cases are under way at once.
import { WebSocket } from 'k6/websockets';

export const options = {
  scenarios: {
    autobahn: { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '2h' },
  },
};

const AGENT = 'sockeye';

// Thousands of messages each: the server has one thread and a time limit for every case, so these
// run alone.
const HEAVY = /^(9|12|13)\./;

export default async function () {
  const count = Number(await ask('/getCaseCount'));
  const light = [], heavy = [];
  for (let number = 1; number <= count; number++) {
    const { id } = JSON.parse(await ask(`/getCaseInfo?case=${number}`));
    (HEAVY.test(id) ? heavy : light).push({ number, id });
  }
  await Promise.all(Array.from({ length: Number(__ENV.PARALLEL || 1) }, () => playAll(light)));
  await playAll(heavy);
  await ask(`/updateReports?agent=${AGENT}`);
}

/** Takes cases from the list until it is empty. */
async function playAll(cases) {
  for (let next; (next = cases.shift());) {
    await play(next);
    if (__ENV.VERBOSE) console.log(`${next.id} done`);
  }
}

/** Runs one case; resolves when its connection is gone. */
async function play({ number, id }) {
  // Sections 12 and 13 are about permessage-deflate.
  const params = /^1[23]\./.test(id) ? { compression: 'deflate' } : {};
  const socket = new WebSocket(`${__ENV.AUTOBAHN}/runCase?case=${number}&agent=${AGENT}`, [], params);
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve) => {
    socket.onmessage = (event) => socket.send(event.data);
    // Most cases break the protocol on purpose: the server judges, not this script.
    socket.onerror = () => {};
    socket.onclose = resolve;
  });
}

/** The last message that the server sends at `path` before it closes; empty if it sends none. */
function ask(path) {
  const socket = new WebSocket(__ENV.AUTOBAHN + path);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.onmessage = (event) => { answer = event.data; };
    socket.onerror = (event) => reject(new Error(`${path}: ${event.error}`));
    socket.onclose = () => resolve(answer);
  });
}
