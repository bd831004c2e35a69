import http, { CookieJar } from 'k6/http';
import { WebSocket } from 'k6/websockets';

export default function () {
  const url = __ENV.WS.replace('ws://', 'http://');
  const jar = new http.CookieJar();
  console.log(jar instanceof CookieJar, jar.set(url, 'a', 'b'), jar.set(url, 'far', 'away', { path: '/elsewhere', max_age: 60 }));
  console.log(JSON.stringify(jar.cookiesForURL(`${url}/echo`)), JSON.stringify(jar.cookiesForURL(`${url}/elsewhere`)));
  jar.set(url, 'gone', 'soon');
  jar.delete(url, 'gone');
  console.log(JSON.stringify(jar.cookiesForURL(url)));
  console.log(JSON.stringify(http.cookieJar().cookiesForURL(url)));
  for (const wrong of [() => jar.set('nonsense', 'a', 'b'), () => http.get(url), () => CookieJar(),
    () => new WebSocket(__ENV.WS, null, { jar: {} })]) {
    try {
      wrong();
    } catch (error) {
      console.log(String(error));
    }
  }
  const ws = new WebSocket(`${__ENV.FAULT}/`, null, { jar });
  ws.onerror = () => console.log(JSON.stringify(jar.cookiesForURL(__ENV.FAULT)));
}
