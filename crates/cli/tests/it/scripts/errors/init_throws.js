function load() {
  throw new TypeError('no data');
}
load();
export default function () {}
