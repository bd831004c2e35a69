// A level that does not exist.
// args: --log-output file=x.log,level=loud
// compare: exit, errors
export default function () {}
