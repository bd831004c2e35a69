// A ramp needs stages and VUs.
// compare: exit, console, errors
export const options = {
  scenarios: {
    one: { executor: 'ramping-arrival-rate' },
  },
};

export default function () {}
