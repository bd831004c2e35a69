// A value that means nothing: how it ends.
// args: --log-output printer
// compare: exit
export default function () {}
