export const options = { vuss: 2 };
export default function () {}
