// A configuration file with a value that means nothing.
// args: --config lib/config-bad.json
// compare: exit
export default function () {}
