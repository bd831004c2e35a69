// An option of the wrong type is a configuration error.
// compare: exit, console
export const options = { vus: 'many' };

export default function () {}
