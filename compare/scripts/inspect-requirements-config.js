// A configuration file below the script.
// command: inspect --execution-requirements --config lib/config.json
// compare: exit, json
export const options = { iterations: 4 };
export default function () {}
