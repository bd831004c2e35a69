// Variables change nothing in what a script says.
// command: inspect
// env: K6_VUS=7 K6_DURATION=3s
// compare: exit, json
export const options = { vus: 1 };
export default function () {}
