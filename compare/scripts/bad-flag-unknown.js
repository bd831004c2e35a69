// A value that means nothing: how it ends.
// args: --no-such-flag
// compare: exit
export default function () {}
