// A value that means nothing: how it ends.
// args: --compatibility-mode es5
// compare: exit
export default function () {}
