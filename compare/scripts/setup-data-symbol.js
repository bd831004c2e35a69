// A symbol in what `setup` returns is what it is described by.
// args: --vus 1 --iterations 1
// compare: exit, console
export function setup() {
  return { a: Symbol('x'), b: [Symbol('y'), Symbol()], c: Symbol.iterator };
}

export default function (data) {
  console.log(JSON.stringify(data));
}
