// A module that exports options only is no test, even to look at.
// command: inspect
// compare: exit, console
console.log('init code ran');
export const options = { vus: 1 };
