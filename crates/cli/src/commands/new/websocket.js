import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

// The address can be given with `-e WS_URL=wss://example.com/socket`.
// Without a server of your own: sockeye run --with-server {{ .ScriptName }}
const url = __ENV.WS_URL || 'ws://localhost/echo';

export const options = {
  vus: 10,
  duration: '10s',
{{- if .ProjectID }}
  cloud: {
    projectID: {{ .ProjectID }},
    name: '{{ .ScriptName }}',
  },
{{- end }}
  thresholds: {
    checks: ['rate>0.99'],
    ws_connecting: ['p(95)<1000'],
  },
};

export default function () {
  const socket = new WebSocket(url);
  const messages = 5;
  let received = 0;

  socket.onopen = () => {
    for (let number = 1; number <= messages; number++) {
      socket.send(`hello ${number}`);
    }
  };
  socket.onmessage = (event) => {
    received++;
    check(event.data, { 'comes back as it was sent': (data) => data === `hello ${received}` });
    if (received === messages) {
      socket.close();
    }
  };
  socket.onerror = (event) => {
    console.error(`the socket failed: ${event.error}`);
  };
  // The iteration is over when its sockets are closed.
}
