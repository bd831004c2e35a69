// An iteration takes at least so long.
// args: --min-iteration-duration 300ms --duration 1s
// compare: exit, counts(iterations)
export default function () {}
