// A value that means nothing: how it ends.
// args: --traces-output nowhere
// compare: exit
export default function () {}
