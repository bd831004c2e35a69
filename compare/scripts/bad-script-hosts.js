// A value that means nothing: how it ends.
// compare: exit
export const options = { hosts: { 'a:b': '1.1.1.1' } };
export default function () {}
