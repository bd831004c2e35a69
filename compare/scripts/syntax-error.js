// A script that cannot be parsed ends the run with 107.
// compare: exit, console
export default function () {
  const = 5;
}
