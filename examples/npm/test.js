// Runs each client in sockeye against a server of its kind, and compares what both have counted.
//   node test.js SOCKEYE [NAME…]    `HARD=1` adds fifty VUs for five seconds each
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ALL = ['graphql-ws', 'mqtt', 'phoenix', 'socket-io', 'stomp'];
const [sockeye, ...names] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'sockeye-npm-'));
let failures = 0;

const MODES = {
  'as it is': { arguments: [] },
  'reconnecting': { arguments: ['-e', 'DROP=1'] },
  'interrupted': { arguments: ['-u', '10', '-d', '60s'], interruptAfter: 2000 },
  ...(process.env.HARD && { 'hard': { arguments: ['-u', '50', '-d', '5s'] } }),
};

for (const name of names.length > 0 ? names : ALL) {
  for (const [title, mode] of Object.entries(MODES)) {
    const wrong = await run(name, mode);
    console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${name}, ${title}`);
    for (const line of wrong) console.log(`       ${line}`);
    failures += wrong.length;
  }
}
rmSync(folder, { recursive: true });
process.exit(failures === 0 ? 0 : 1);

/** Returns what was wrong. */
async function run(name, mode) {
  const server = spawn(process.execPath, [`servers/${name}.js`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const { address } = JSON.parse((await lines.next()).value);
  const played = await sockeyeRun(name, address, mode);
  server.stdin.end();
  const theirs = JSON.parse((await lines.next()).value);
  const { interruptAfter } = mode;
  if (interruptAfter < 30_000 && played.ours('ws_sessions') === undefined) {
    // On a slow machine it had not even dialled.
    return run(name, { ...mode, interruptAfter: 2 * interruptAfter });
  }
  const wrong = interruptAfter ? checkInterrupted(played, theirs) : checkCounts(played, theirs);
  if (wrong.length > 0) wrong.push(...played.log.trim().split('\n').slice(-10));
  return wrong;
}

async function sockeyeRun(name, address, mode) {
  const summary = join(folder, 'summary.json');
  const child = spawn(sockeye, [
    'run', '--quiet', '--summary-export', summary, '--summary-trend-stats', 'count,max', '-e', `ADDRESS=${address}`,
    ...mode.arguments, `dist/${name}.js`,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { log += text; });
  let interrupted;
  const timer = mode.interruptAfter && setTimeout(() => {
    interrupted = performance.now();
    child.kill('SIGINT');
  }, mode.interruptAfter);
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  clearTimeout(limit);
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8'));
  const ours = (metric) => metrics[metric]?.count;
  return { code, log, ours, ending: performance.now() - interrupted };
}

function checkCounts({ code, log, ours }, { sessions, messages_received, messages_sent, open, ...protocol }) {
  const wrong = [];
  const same = (what, ours, theirs) => {
    if (ours !== theirs) wrong.push(`${what}: the client has counted ${ours}, the server ${theirs}`);
  };
  if (code !== 0) wrong.push(`exit code ${code}`);
  if (log.includes('level=error') || log.includes('level=warning')) wrong.push('something was logged');
  if (!(ours('iterations') > 0)) wrong.push('no iteration has ended');
  same('sessions', ours('ws_sessions'), sessions);
  same('messages to the server', ours('ws_msg_size_sent'), messages_received);
  same('messages to the client', ours('ws_msgs_received'), messages_sent);
  same('sockets left open', 0, open);
  for (const [what, count] of Object.entries(protocol)) same(what, ours(what) ?? 0, count);
  return wrong;
}

/** Messages may be under way then, and dials. */
function checkInterrupted({ code, ending, ours }, { sessions, open }) {
  const wrong = [];
  // k6: stopped from outside.
  if (code !== 105) wrong.push(`exit code ${code}`);
  if (!(ending < 15_000)) wrong.push(`it ended ${ending} ms after the interrupt`);
  const [dialled, opened] = [ours('ws_sessions'), ours('ws_session_duration') ?? 0];
  if (!(opened <= sessions && sessions <= dialled)) {
    wrong.push(`sessions: the client has dialled ${dialled} and had ${opened}, the server ${sessions}`);
  }
  if (open !== 0) wrong.push(`${open} sockets were left open`);
  return wrong;
}
