import ws from 'k6/ws';

const redact = (text) => text.replace(/127\.0\.0\.1:\d+/g, 'ADDRESS');

export default function () {
  const response = ws.connect(__ENV.FAULT, null, (socket) => {
    socket.on('open', () => console.log('open'));
    socket.on('message', (text) => { console.log('message', text.length); });
    socket.on('error', (error) => console.log('error', redact(error.error())));
    socket.on('close', (code) => console.log('close', code));
  });
  const { url, status, body, error, error_code: code } = response;
  console.log(url === __ENV.FAULT, status, body, redact(error), code);
}
