import { WebSocket } from 'k6/websockets';

export const options = {
  vus: 1,
  iterations: 1,
{{- if .ProjectID }}
  cloud: {
    projectID: {{ .ProjectID }},
    name: '{{ .ScriptName }}',
  },
{{- end }}
};

export default function () {
  const socket = new WebSocket(__ENV.WS_URL || 'ws://localhost/echo');
  socket.onopen = () => socket.send('hello');
  socket.onmessage = (event) => {
    console.log(`received ${event.data}`);
    socket.close();
  };
}
