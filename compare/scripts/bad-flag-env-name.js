// A value that means nothing: how it ends.
// args: -e 1a=x
// compare: exit
export default function () {}
