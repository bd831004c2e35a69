// A value that means nothing: how it ends.
// env: K6_VUS=x
// compare: exit
export default function () {}
