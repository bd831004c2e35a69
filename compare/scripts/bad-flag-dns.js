// A value that means nothing: how it ends.
// args: --dns select=best
// compare: exit
export default function () {}
