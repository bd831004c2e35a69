// Secrets out of a file: all after the first `=` is the value.
// args: --vus 1 --iterations 1 --secret-source file=name=f,lib/secrets.txt
// compare: exit, console
import secrets from 'k6/secrets';

export default async function () {
  for (const key of ['cool', 'path', 'spaced']) {
    const secret = await secrets.source('f').get(key);
    console.log(key, secret.length, (await secrets.get(key)) === secret, secret);
  }
}
