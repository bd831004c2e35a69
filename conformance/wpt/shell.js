// What a test of web-platform-tests finds around it when a script of sockeye is its shell, and the
// reporter that tells the runner of each subtest. `run` puts this file beside the test.
import exec from 'k6/execution';
import { WebSocket } from 'k6/websockets';

const settings = JSON.parse(open('./settings.json'));
const source = open('./test.js');

export const options = {
  vus: 1,
  iterations: 1,
  insecureSkipTLSVerify: true,
  hosts: settings.hosts,
  setupTimeout: '60s',
};

export default function () {
  expose('self', globalThis);
  expose('window', globalThis);
  expose('location', new URL(settings.location));
  expose('GLOBAL', {
    isWindow: () => true,
    isWorker: () => false,
    isShadowRealm: () => false,
  });
  expose('navigator', { platform: '' });
  expose('WebSocket', settings.params ? asBrowsersCallIt(WebSocket) : WebSocket);
  expose('FileReader', BlobReader);
  // Scripts have no WebAssembly; tests get at the constructor of shared buffers by it.
  expose('WebAssembly', { Memory: class { buffer = new SharedArrayBuffer(0); } });
  // Nor is the global an EventTarget.
  const target = new EventTarget();
  for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
    expose(name, target[name].bind(target));
  }
  // Nor are there fetches; tests read blobs by a `Response`.
  expose('Response', class { constructor(blob) { this.arrayBuffer = () => blob.arrayBuffer(); } });
  // The harness of the interfaces asks in which global it is.
  if (settings.window) expose('Window', function Window() {});
  expose('fetch', async (path) => {
    const text = settings.files[new URL(path, settings.location).pathname];
    return { ok: text !== undefined, text: async () => text, json: async () => JSON.parse(text) };
  });
  // Sloppy code in the global scope, as a classic script is. The parts are one text, so that what
  // one declares by `const` the next one sees.
  (0, eval)(source);
}

function expose(name, value) {
  Object.defineProperty(globalThis, name, {
    value, writable: true, enumerable: false, configurable: true,
  });
}

// Browsers send `Origin`, which handlers of the checkout read, and refuse some ports. Here both are
// asked for.
function asBrowsersCallIt(constructor) {
  return new Proxy(constructor, {
    construct: (target, args, newTarget) => Reflect.construct(
      target, args.length === 0 ? [] : [args[0], args[1] ?? [], settings.params], newTarget),
  });
}

// Scripts have no FileReader; tests of Blob read with it what they made.
class BlobReader {
  async readAsText(blob) {
    this.result = await blob.text();
    this.onload?.({ target: this });
  }
}

globalThis.reportToRunner = (harness) => {
  const say = (kind, name, status, message) => {
    console.log(JSON.stringify({ kind, name, status, message }));
  };
  const statuses = ['PASS', 'FAIL', 'TIMEOUT', 'NOTRUN', 'PRECONDITION_FAILED'];
  harness.add_test_state_callback((test) => {
    if (test.phase < test.phases.COMPLETE) say('started', test.name);
  });
  harness.add_result_callback((test) => {
    say('result', test.name, statuses[test.status], test.message);
  });
  harness.add_completion_callback((tests, status) => {
    say('ended', null, ['OK', 'ERROR', 'TIMEOUT', 'PRECONDITION_FAILED'][status.status], status.message);
    // What the test left open is of no interest.
    exec.test.abort('the test is done');
  });
};
