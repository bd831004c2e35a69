// A source of secrets that means nothing.
// args: --secret-source mock
// compare: exit, errors
export default function () {}
