// No script.
// command: run
// file: none
// compare: exit
export default function () {}
