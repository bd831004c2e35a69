// A script without a function to run is an error of the script.
// compare: exit, console
export const options = { iterations: 1 };
export function other() {}
