// An executor that does not exist is a configuration error.
// compare: exit, console
export const options = { scenarios: { one: { executor: 'no-such-executor', vus: 1 } } };

export default function () {}
