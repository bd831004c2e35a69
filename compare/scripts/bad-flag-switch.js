// A value that means nothing: how it ends.
// args: --no-setup=maybe
// compare: exit
export default function () {}
