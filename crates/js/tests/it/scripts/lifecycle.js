// iterations: 2
console.log('init', __VU, typeof __ITER);

export async function setup() {
  console.log('setup', __VU);
  await new Promise((resolve) => setTimeout(resolve, 1));
  return { list: [1, 2], skipped: undefined };
}

export default function (data) {
  data.list.push(__ITER);
  console.log('default', __VU, __ITER, JSON.stringify(data));
}

export function teardown(data) {
  console.log('teardown', __VU, typeof __ITER, JSON.stringify(data));
}
