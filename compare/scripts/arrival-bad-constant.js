// A constant rate needs a rate, a duration and VUs.
// compare: exit, console, errors
export const options = {
  scenarios: {
    one: { executor: 'constant-arrival-rate' },
  },
};

export default function () {}
