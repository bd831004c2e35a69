// What is said to be an archive and is not.
// args: --type archive
// compare: exit
export default function () {}
