import http from 'k6/http';
import ws from 'k6/ws';

export default function () {
  const url = __ENV.FAULT.replace('ws://', 'http://');
  const jar = new http.CookieJar();
  jar.set(url, 'a', 'b');
  const params = { jar, headers: { 'X-Number': 1, 'Sec-WebSocket-Protocol': 'one, two' } };
  const { status, body, error, error_code: code } = ws.connect(`${__ENV.FAULT}/`, params, () => console.log('never'));
  console.log(status, body, error, code, JSON.stringify(jar.cookiesForURL(url)));
  ws.connect(`${__ENV.FAULT}/`, null, () => console.log('never'));
  console.log(JSON.stringify(http.cookieJar().cookiesForURL(url)));
}
