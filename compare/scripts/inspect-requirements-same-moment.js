// What changes in one moment changes in the order of the scenarios' starts and of their names: VUs
// that `early` gives back can be taken by those behind it, those of `late` not by `jump`.
// command: inspect --execution-requirements
// compare: exit, json
const vus = (startTime, vus, duration) => ({
  executor: 'constant-vus',
  startTime,
  vus,
  duration,
  gracefulStop: '0s',
});

export const options = {
  scenarios: {
    early: vus('0s', 30, '10s'),
    jump: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        { duration: '10s', target: 0 },
        { duration: '0s', target: 5 },
        { duration: '10s', target: 5 },
        { duration: '0s', target: 40 },
        { duration: '5s', target: 40 },
      ],
      gracefulStop: '0s',
    },
    late: vus('5s', 3, '15s'),
    next: vus('20s', 7, '1s'),
  },
};

export default function () {}
