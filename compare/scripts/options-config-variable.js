// A configuration file that a variable names, and that is not there.
// env: K6_CONFIG=nowhere.json
// compare: exit, console
export default function () {
  console.log('never');
}
