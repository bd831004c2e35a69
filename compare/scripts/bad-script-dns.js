// A value that means nothing: how it ends.
// compare: exit
export const options = { dns: { select: 'best' } };
export default function () {}
