// A value that means nothing: how it ends.
// compare: exit
export const options = { tlsVersion: 'tls9' };
export default function () {}
