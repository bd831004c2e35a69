// A value that means nothing: how it ends.
// args: --type wasm
// compare: exit
export default function () {}
