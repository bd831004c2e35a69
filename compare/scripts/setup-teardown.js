// setup()'s value goes to every iteration and to teardown() as a copy.
// args: --iterations 3
// compare: exit, console, counts(iterations)
export function setup() {
  console.log('setup', __VU, typeof __ITER);
  return { list: [1, 2], nested: { text: 'hi' }, nothing: null };
}

// k6 gives the keys in no particular order.
function describe({ list, nested, nothing }) {
  return JSON.stringify([list.length, list[1], nested.text, nothing]);
}

export default function (data) {
  console.log(describe(data));
  data.nested.text = 'changed';
}

export function teardown(data) {
  console.log('teardown', describe(data), __VU);
}
