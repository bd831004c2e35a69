// Each VU has a copy of the data for itself, and keeps what it does to it.
// args: --iterations 2
// compare: exit, console
export function setup() {
  return { b: { c: 1 }, big: 1n };
}

export default function (data) {
  data.b.c++;
  data.n = (data.n || 0) + 1;
  console.log(data.b.c, data.n, typeof data.big, Object.isFrozen(data));
}

export function teardown(data) {
  console.log(data.b.c, data.n, data.big);
}
