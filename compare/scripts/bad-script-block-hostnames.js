// A value that means nothing: how it ends.
// compare: exit
export const options = { blockHostnames: ['a*b'] };
export default function () {}
