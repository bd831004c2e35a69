// A template of ones own.
// command: new --template ./lib/template.txt --project-id 7 made.js
// file: none
// then: run made.js
// compare: exit, console
export default function () {}
