import { WebSocket } from 'k6/websockets';

const attempt = (name, run) => {
  try {
    run();
    console.log(name, 'did not throw');
  } catch (error) {
    console.log(name, error.name, error.message);
  }
};

export default function () {
  attempt('no url', () => new WebSocket());
  attempt('relative', () => new WebSocket('/ws'));
  attempt('scheme', () => new WebSocket('ftp://host/'));
  attempt('fragment', () => new WebSocket('ws://host/#f'));
  attempt('port', () => new WebSocket('ws://host:99999/'));
  attempt('protocol', () => new WebSocket('ws://host/', 'a b'));
  attempt('repeated', () => new WebSocket('ws://host/', ['a', 'A']));
  attempt('no new', () => WebSocket('ws://host/'));
  attempt('unknown', () => new WebSocket('ws://host/', null, { header: {} }));
  attempt('headers', () => new WebSocket('ws://host/', null, { headers: 5 }));
  attempt('header', () => new WebSocket('ws://host/', null, { headers: { 'a b': 'c' } }));
  attempt('tags', () => new WebSocket('ws://host/', null, { tags: 'x' }));
  attempt('tag', () => new WebSocket('ws://host/', null, { tags: { a: {} } }));
  attempt('compression', () => new WebSocket('ws://host/', null, { compression: 'gzip' }));
  attempt('blockPorts', () => new WebSocket('ws://host/', null, { blockPorts: 1 }));

  // k6 ignores what is no object; so does the standard, which has no third argument.
  for (const odd of ['text', 5, true, Symbol('s')]) {
    attempt('no params', () => { new WebSocket(`${__ENV.WS}/echo`, null, odd).onopen = (event) => event.target.close(); });
  }
  // Refused as browsers do it: no connection is tried.
  const blocked = new WebSocket('ws://127.0.0.1:6667/', null, { blockPorts: true });
  blocked.onerror = (event) => {
    console.log(event.error, event.errorCode, Object.prototype.toString.call(event), event.constructor === Event);
  };
  blocked.onclose = (event) => console.log(event.code, event.wasClean);

  const url = __ENV.WS.replace('ws://', 'http://');
  const ws = new WebSocket(`${url}/echo`, ['one', 'two'], {
    headers: { 'X-Mine': 'yes', 'User-Agent': 'mine' }, tags: { mine: 'tag', name: 'named' }, compression: 'deflate',
  });
  console.log(ws.url === `${__ENV.WS}/echo`);
  ws.onopen = () => {
    console.log(ws.protocol, ws.extensions);
    attempt('close code', () => ws.close(1001));
    attempt('close reason', () => ws.close(1000, 'é'.repeat(62)));
    ws.send('a'.repeat(1000));
  };
  ws.onmessage = (event) => { console.log(event.data.length); ws.close(); };
  ws.onclose = (event) => console.log(event.code, event.wasClean);
}
