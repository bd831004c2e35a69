// A value that means nothing: how it ends.
// env: K6_LOCAL_IPS=x
// compare: exit
export default function () {}
