// interrupt-after-ms: 300
import ws from 'k6/ws';

export default function () {
  try {
    ws.connect(`${__ENV.STALLS}/`, null, () => console.log('never'));
  } finally {
    console.log('never');
  }
}
