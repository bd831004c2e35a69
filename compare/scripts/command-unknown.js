// A command that does not exist.
// command: frobnicate
// file: none
// compare: exit
export default function () {}
