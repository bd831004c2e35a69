// A value that means nothing: how it ends.
// env: K6_DNS=first=x
// compare: exit
export default function () {}
