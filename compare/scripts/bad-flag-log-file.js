// A file for the log without a name.
// args: --log-output file=
// compare: exit, errors
export default function () {}
