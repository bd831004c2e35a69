// When an event came is the time of day in milliseconds, with fractions, taken before the script has time for it.
// compare: exit, console, checks
import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket(`${__ENV.WS_URL}/echo`);
  const opened = Date.now();
  const stamps = [];
  socket.onopen = () => {
    for (let i = 0; i < 20; i++) socket.send(String(i));
  };
  socket.onmessage = (event) => {
    stamps.push(event.timestamp);
    if (stamps.length === 20) socket.close();
  };
  socket.onclose = () => {
    check(stamps, {
      'numbers': () => stamps.every((stamp) => typeof stamp === 'number'),
      'since the script began': () => stamps.every((stamp) => stamp > opened - 1 && stamp < Date.now() + 1),
      'never backwards': () => stamps.every((stamp, i) => i === 0 || stamp >= stamps[i - 1]),
      'with fractions': () => stamps.some((stamp) => stamp % 1 !== 0),
    });
    console.log(stamps.length);
  };
}
