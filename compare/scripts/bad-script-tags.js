// A value that means nothing: how it ends.
// compare: exit
export const options = { tags: { a: 1 } };
export default function () {}
