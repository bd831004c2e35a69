// `fail()` in a promise's reaction is a rejection as any other; caught, it ends nothing.
// compare: exit, console, counts(iterations)
import { fail } from 'k6';

export const options = { iterations: 2 };

export default async function () {
  await Promise.resolve().then(() => fail('in a job')).catch((error) => console.log(error.message));
  try {
    fail('in a try');
  } catch (error) {
    console.log('caught', error.message);
  } finally {
    console.log('finally');
  }
}
