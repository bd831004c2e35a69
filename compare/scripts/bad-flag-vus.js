// A value that means nothing: how it ends.
// args: --vus x
// compare: exit
export default function () {}
