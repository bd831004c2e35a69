// A value that means nothing: how it ends.
// env: K6_DURATION=1x
// compare: exit
export default function () {}
