// Rates, units and VUs must make sense.
// compare: exit, console, errors
export const options = {
  scenarios: {
    one: { executor: 'constant-arrival-rate', rate: 0, timeUnit: '0s', duration: '500ms', preAllocatedVUs: -1, maxVUs: -5 },
  },
};

export default function () {}
