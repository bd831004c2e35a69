// Records of k6/experimental/csv, by options; what is refused.
// compare: exit, console
import { open } from 'k6/experimental/fs';
import csv, { parse, Parser } from 'k6/experimental/csv';

const attempt = async (name, run) => {
  try {
    console.log(name, JSON.stringify(await run()));
  } catch (error) {
    console.log(name, 'threw', String(error));
  }
};

const parsed = async (options) => csv.parse(await open('lib/people.csv'), options);
const results = [];
for (const options of [{}, { asObjects: true }, { skipFirstLine: true }, { fromLine: 1 }, { fromLine: 2, toLine: 3 }, { toLine: 1 }, { toLine: 0 },
  { fromLine: 1, skipFirstLine: true }, { fromLine: 2, skipFirstLine: true }, { asObjects: true, toLine: 1 }, { skipFirstLine: true, toLine: 1 }, { toLine: 50 }, { other: 1 }]) {
  const records = await parsed(options);
  // Objects have their members in no order in k6.
  const shown = options.asObjects ? records.map((record) => [record.name, record.age]) : records;
  results.push([JSON.stringify(options), JSON.stringify(shown)]);
}
for (const options of [{ delimiter: ';;' }, { fromLine: -1 }, { fromLine: 2, toLine: 1 }, { fromLine: 1, toLine: 1 }, { fromLine: 50 },
  { asObjects: true, skipFirstLine: true }, { asObjects: true, fromLine: 1 }]) {
  try {
    await parsed(options);
  } catch (error) {
    results.push([JSON.stringify(options), String(error).replace('Error: ', '')]);
  }
}
const twice = await open('lib/people.csv');
const all = await parse(twice, {});
const rest = await parse(twice, {});
const objects = new Parser(await open('lib/people.csv'), { asObjects: true });
const some = new Parser(await open('lib/people.csv'), { fromLine: 1, toLine: 2 });

export default async function () {
  results.forEach((result) => console.log(...result));
  await attempt('all', () => [Array.isArray(all), all.length, all[0], Object.isFrozen(all[0]), rest.length]);
  await attempt('unchanged', () => { all[0] = 1; });
  for (let i = 0; i < 4; i++) await attempt('object', async () => { const { done, value } = await objects.next(); return done ? done : [value.name, value.age]; });
  for (let i = 0; i < 3; i++) await attempt('record', async () => { const { done, value } = await some.next(); return done ? done : value; });
}
