// A script that is not there.
// command: archive
// file: none-such.js
// compare: exit
export default function () {}
