// What the constructor refuses.
// compare: exit, console, counts(iterations)
import { WebSocket } from 'k6/websockets';

function attempt(what, make) {
  try {
    make();
    console.log(what, 'is accepted');
  } catch (error) {
    console.log(what, 'throws');
  }
}

export default function () {
  attempt('no argument', () => new WebSocket());
  attempt('a bad scheme', () => new WebSocket('ftp://127.0.0.1:1/'));
  attempt('a fragment', () => new WebSocket('ws://127.0.0.1:1/#here'));
  attempt('an unknown param', () => new WebSocket('ws://127.0.0.1:1/', null, { nonsense: true }));
  attempt('a bad compression', () => new WebSocket('ws://127.0.0.1:1/', null, { compression: 'lzw' }));
}
