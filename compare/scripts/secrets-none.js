// `k6/secrets` without a source: a rejected promise, in init code too.
// args: --vus 1 --iterations 1
// compare: exit, console sorted
import secrets from 'k6/secrets';

const words = (error) => error.message ?? String(error);

export default async function () {
  await secrets.get('cool').catch((error) => console.log(words(error)));
  await secrets.source('any').get('cool').catch((error) => console.log(words(error)));
}
