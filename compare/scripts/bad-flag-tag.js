// A value that means nothing: how it ends.
// args: --tag a
// compare: exit
export default function () {}
