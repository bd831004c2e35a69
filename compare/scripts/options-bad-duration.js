// A duration that is none is a configuration error.
// compare: exit, console
export const options = { vus: 1, duration: 'soon' };

export default function () {}
