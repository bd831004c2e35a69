// A script without the variables of the system.
// args: --include-system-env-vars=false -e B=2
// env: A_VARIABLE=1
// compare: exit, console
export default function () {
  console.log(__ENV.A_VARIABLE, __ENV.B);
}
