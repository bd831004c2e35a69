// An exception while the script loads ends the run with 107.
// compare: exit, console, counts(iterations)
console.log('loading');
throw new Error('not today');

export default function () {}
