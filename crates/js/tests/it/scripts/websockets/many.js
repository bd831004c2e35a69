import { WebSocket } from 'k6/websockets';

let open = 0;
let messages = 0;

export default function () {
  for (let i = 0; i < 50; i++) {
    const ws = new WebSocket(`${__ENV.WS}/echo`);
    let left = 20;
    ws.onopen = () => { open++; ws.send(`${left}`); };
    ws.onmessage = () => {
      messages++;
      if (--left > 0) ws.send(`${left}`); else ws.close();
    };
    ws.onclose = () => { if (--open === 0) console.log('all closed', messages); };
  }
}
