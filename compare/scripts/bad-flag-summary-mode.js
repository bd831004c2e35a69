// A value that means nothing: how it ends.
// args: --summary-mode short
// compare: exit
export default function () {}
