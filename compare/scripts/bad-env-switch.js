// A value that means nothing: how it ends.
// env: K6_THROW=yes
// compare: exit
export default function () {}
