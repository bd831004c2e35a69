import { check, sleep } from 'k6';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

const url = __ENV.WS_URL || 'ws://localhost/echo';
const roundTrip = new Trend('round_trip', true);
const lost = new Counter('messages_lost');

export const options = {
  stages: [
    { duration: '5s', target: 5 },
    { duration: '10s', target: 10 },
    { duration: '2s', target: 0 },
  ],
  thresholds: {
    checks: ['rate>0.99'],
    round_trip: ['p(95)<500'],
    messages_lost: ['count==0'],
  },
{{- if .ProjectID }}
  cloud: {
    projectID: {{ .ProjectID }},
    name: '{{ .ScriptName }}',
  },
{{- end }}
};

export function setup() {
  if (!url.startsWith('ws://') && !url.startsWith('wss://')) {
    exec.test.abort(`WS_URL is no address of a WebSocket: ${url}`);
  }
  return { greeting: 'hello' };
}

export default function (data) {
  const socket = new WebSocket(url);
  let sent = 0;
  let received = 0;

  socket.onopen = () => {
    const timer = setInterval(() => {
      if (sent === 5) {
        clearInterval(timer);
        setTimeout(() => socket.close(), 200);
        return;
      }
      sent++;
      socket.send(JSON.stringify({ text: data.greeting, at: Date.now() }));
    }, 50);
  };
  socket.onmessage = (event) => {
    received++;
    const message = JSON.parse(event.data);
    roundTrip.add(Date.now() - message.at);
    check(message, { 'is a greeting': (message) => message.text === data.greeting });
  };
  socket.onclose = () => lost.add(sent - received);
}

export function teardown() {
  sleep(0.1);
}
