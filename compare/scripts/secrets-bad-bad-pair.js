// A source of secrets that means nothing.
// args: --secret-source mock=a
// compare: exit, errors
export default function () {}
