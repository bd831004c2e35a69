import { WebSocket } from 'k6/websockets';

export default function () {
  const ws = new WebSocket(`${__ENV.WS}/echo`);
  ws.onopen = () => { ws.ping(); ws.ping(); };
  let pongs = 0;
  ws.onpong = (event) => { console.log(event.type); if (++pongs === 2) ws.close(); };
  ws.onclose = () => {
    try {
      ws.ping();
    } catch (error) {
      console.log(error.name);
    }
  };
}
