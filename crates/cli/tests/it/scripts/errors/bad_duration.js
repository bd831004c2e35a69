export const options = { duration: '10zz' };
export default function () {}
