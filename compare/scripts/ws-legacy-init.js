// k6/ws: not in init code.
// compare: exit, console sorted
import ws from 'k6/ws';

try {
  ws.connect(`${__ENV.WS_URL}/echo`, null, () => console.log('never'));
} catch (error) {
  if (__VU === 1) console.log(error.message);
}

export function setup() {
  const { status } = ws.connect(`${__ENV.WS_URL}/echo`, null, (socket) => socket.close());
  console.log('setup', status);
}

export default function () {}
