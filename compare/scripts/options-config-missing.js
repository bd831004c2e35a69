// A configuration file that is not there.
// args: --config lib/none.json
// compare: exit
export default function () {}
