// A scenario without what its executor needs is a configuration error.
// compare: exit, console
export const options = { scenarios: { one: { executor: 'constant-vus', vus: 1 } } };

export default function () {}
