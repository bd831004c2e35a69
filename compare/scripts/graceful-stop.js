// What is under way when the time is up and gracefulStop has passed is interrupted, and is no
// completed iteration.
// compare: exit, console, counts(iterations)
export const options = {
  scenarios: {
    stopped: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '200ms' },
  },
};

export default async function () {
  console.log('begin');
  await new Promise((resolve) => setTimeout(resolve, 10000));
  console.log('never');
}
