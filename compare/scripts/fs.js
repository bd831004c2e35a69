// Files of k6/experimental/fs: reading, seeking, what is refused.
// compare: exit, console
import fs, { open, SeekMode } from 'k6/experimental/fs';

const attempt = async (name, run) => {
  try {
    console.log(name, JSON.stringify(await run()));
  } catch (error) {
    console.log(name, 'threw', String(error));
  }
};

const file = await open('lib/bonjour.txt');

export default async function () {
  const buffer = new Uint8Array(5);
  const read = (name) => attempt(name, async () => [`${await file.read(buffer)}`, [...buffer]]);
  await attempt('module', () => [Object.keys(fs), SeekMode, typeof file.path]);
  await attempt('stat', () => file.stat());
  for (let i = 0; i < 4; i++) await read('read');
  await attempt('seek', () => file.seek(6, SeekMode.Start));
  await read('read on');
  await attempt('seek back', () => file.seek(-3, SeekMode.Current));
  await attempt('seek to the end', () => file.seek(-3, SeekMode.End));
  for (const [name, ...where] of [['after the end', 3, SeekMode.End], ['before the start', -1, SeekMode.Start],
    ['beyond', 100, SeekMode.Start], ['far ahead', 100, SeekMode.Current], ['far back', -100, SeekMode.Current],
    ['no mode', 0], ['unknown mode', 0, 9], ['no offset'], ['text', '2', 0], ['null', null, 0]]) {
    await attempt(`seek ${name}`, () => file.seek(...where));
  }
  for (const [name, into] of [['nothing', undefined], ['null', null], ['an array', []], ['a buffer', new ArrayBuffer(3)], ['wide', new Uint16Array(3)], ['empty', new Uint8Array(0)]]) {
    await attempt(`read into ${name}`, () => file.read(into));
  }
  await attempt('open later', () => open('lib/bonjour.txt'));
}
