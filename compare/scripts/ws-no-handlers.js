// A failed connection that nobody listens to is no exception.
// compare: exit, console, counts(iterations, ws_sessions)
import { WebSocket } from 'k6/websockets';

export default function () {
  new WebSocket('ws://127.0.0.1:1/');
  console.log('the function ends');
}
