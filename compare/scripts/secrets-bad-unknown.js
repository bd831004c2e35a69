// A source of secrets that means nothing.
// args: --secret-source nope=a
// compare: exit, errors
export default function () {}
