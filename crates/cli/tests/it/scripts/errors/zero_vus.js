export const options = {
  scenarios: { a: { executor: 'constant-vus', vus: 0, duration: '0s' } },
};
export default function () {}
