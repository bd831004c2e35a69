// A number of VUs that stages jump from in the moment when it is reached is planned for.
// command: inspect --execution-requirements
// compare: exit, json
const jump = (duration, target) => ({ duration, target });
const ramp = (startTime, startVUs, stages) => ({
  executor: 'ramping-vus',
  startTime,
  startVUs,
  stages,
  gracefulRampDown: '0s',
  gracefulStop: '0s',
});

export const options = {
  scenarios: {
    peak: ramp('0s', 0, [jump('10s', 8), jump('0s', 1), jump('10s', 1)]),
    start: ramp('10s', 12, [jump('0s', 2), jump('5s', 2)]),
    twice: ramp('20s', 0, [jump('5s', 3), jump('0s', 40), jump('0s', 9), jump('5s', 1)]),
  },
};

export default function () {}
