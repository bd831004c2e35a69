// Declarations of a script's own with names that the web has too are the script's.
// compare: exit, console
class WebSocket {
  constructor(url) { this.url = url; }
}
const navigator = 'mine';

export default function () {
  console.log(new WebSocket('anything').url, navigator, typeof WebSocket);
}
