// What a missing variable makes of a number.
export const options = { scenarios: { chat: { executor: "constant-vus", vus: Number(__ENV.VUS), duration: "1s" } } };

export default function () {}
