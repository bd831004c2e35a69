// A value that means nothing: how it ends.
// args: --blacklist-ip 10.0.0.1/99
// compare: exit
export default function () {}
