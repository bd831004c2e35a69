// Clients of sockets reject with events; the log says what they say.
// iterations: 4
const events = [
  new ErrorEvent('error', { message: 'no connection' }),
  new CloseEvent('close', { code: 4403, reason: 'not you' }),
  new CloseEvent('close', { code: 1006 }),
  new ErrorEvent('error'),
];

export default async function () {
  throw events[__ITER];
}
