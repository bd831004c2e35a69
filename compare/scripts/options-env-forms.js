// The forms of `-e`.
// args: -e A=1=2 -e B= -e C -e _d1=x
// compare: exit, console
export default function () {
  console.log(JSON.stringify([__ENV.A, __ENV.B, __ENV.C, __ENV._d1, __ENV.NOT_THERE]));
}
