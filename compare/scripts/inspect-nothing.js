// A script without options.
// command: inspect
// compare: exit, json, errors
export default function () {}
