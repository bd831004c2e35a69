// A value that means nothing: how it ends.
// args: --stage 10
// compare: exit
export default function () {}
