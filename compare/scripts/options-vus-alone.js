// `vus` alone does nothing.
// args: --vus 3
// compare: exit, warnings, counts(iterations)
export default function () {}
