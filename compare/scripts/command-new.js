// A script is made, and no other file overwritten.
// command: new made.js
// file: none
// then: new made.js
// compare: exit
export default function () {}
