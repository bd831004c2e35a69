import ws from 'k6/ws';

ws.connect(`${__ENV.WS}/echo`, null, () => {});

export default function () {}
