// A flag wins over the script's option.
// args: --iterations 3 --vus 1
// compare: exit, counts(iterations)
export const options = { vus: 2, iterations: 7 };

export default function () {}
