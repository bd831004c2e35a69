// Stages need both of their fields.
// compare: exit, console, errors
export const options = {
  scenarios: {
    one: { executor: 'ramping-arrival-rate', startRate: -1, timeUnit: '-1s', stages: [{}, { duration: '-1s', target: -1 }], preAllocatedVUs: 1 },
  },
};

export default function () {}
