// run: --duration 3q
export default function () {}
