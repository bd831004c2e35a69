// A script that is not there.
// command: inspect
// file: none-such.js
// compare: exit
export default function () {}
