// There can not be fewer VUs than there are.
// compare: exit, console, errors
export const options = {
  scenarios: {
    one: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 5, maxVUs: 3 },
  },
};

export default function () {}
