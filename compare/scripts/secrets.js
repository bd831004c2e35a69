// `k6/secrets`: the default source and one by its name; no log line shows what they told.
// args: --vus 1 --iterations 1 --secret-source mock=default,cool=hunter2,part=hunt --secret-source mock=name=another,cool=different
// compare: exit, console, errors
import secrets from 'k6/secrets';

const words = (error) => (error.message ?? String(error)).replace(/^no value.*/, 'no value');

export default async function () {
  const secret = await secrets.get('cool');
  console.log(secret.length, secret === ['hun', 'ter2'].join(''), typeof secrets.get('cool').then);
  console.log(secret);
  console.warn(`before ${secret} after ${secret}`);
  console.error({ secret, list: [secret] });
  const another = await secrets.source('another');
  const other = await another.get('cool');
  console.log(other.length, other, Object.keys(another).join());
  for (const [name, get] of Object.entries({
    missing: () => secrets.get('nope'),
    'no key': () => secrets.get(),
    'missing source': () => secrets.source('nope').get('cool'),
    'default by name': async () => (await secrets.source('default').get('cool')).length,
    'in another': () => another.get('part'),
  })) {
    try {
      console.log(name, await get());
    } catch (error) {
      console.log(name, words(error));
    }
  }
  throw new Error(`boom ${secret}`);
}
