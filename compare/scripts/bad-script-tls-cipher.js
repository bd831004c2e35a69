// A value that means nothing: how it ends.
// compare: exit
export const options = { tlsCipherSuites: ['NONE'] };
export default function () {}
