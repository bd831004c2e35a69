import older, { WebSocket } from 'k6/experimental/websockets';

export default function () {
  console.log(older.WebSocket === WebSocket);
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  ws.onopen = () => ws.close();
  ws.onclose = (event) => console.log(event.code);
}
