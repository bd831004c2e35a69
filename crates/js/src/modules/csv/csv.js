// k6/experimental/csv: options and the parser's shape, over the natives of internal:csv. The words of errors are k6's.
// https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/csv/
import * as native from 'internal:csv';
import { handleOf } from 'internal:fs/file';

const badOption = (reason) => { throw new Error(`failed to interpret the provided Parser options; reason: ${reason}`); };
const badParser = (reason) => { throw new Error(`failed to create a new parser; reason: ${reason}`); };

/** What the natives take of a file and of options. */
function chosen(file, options) {
  const { delimiter = ',', asObjects = false, skipFirstLine = false, fromLine, toLine } = options ?? {};
  const character = String(delimiter);
  if (!/^[\x00-\x7f]$/.test(character)) badOption('delimiter must be a single character');
  const from = Math.trunc(Number(fromLine ?? 0)) || 0;
  const to = Math.trunc(Number(toLine ?? 0)) || 0;
  if (to > 0 && from >= to) badOption('fromLine must be less than or equal to toLine');
  const handle = handleOf(file);
  if (!handle) badParser('the file is not one that `open` of k6/experimental/fs gave');
  if (from < 0) badParser(`the 'fromLine' option must be greater than or equal to 0; got ${from}`);
  if (to < 0) badParser(`the 'toLine' option must be greater than or equal to 0; got ${to}`);
  if (asObjects && skipFirstLine) badParser("the 'header' option cannot be enabled when 'skipFirstLine' is true");
  if (asObjects && from > 0) badParser("the 'header' option cannot be enabled when 'fromLine' is set to a value greater than 0");
  return [handle, character, Boolean(asObjects), Math.max(from, skipFirstLine ? 1 : 0), to];
}

const orThrow = (result) => {
  if (typeof result === 'string') throw new Error(result);
  return result;
};

export async function parse(file, options) {
  return orThrow(native.parse(...chosen(file, options)));
}

export class Parser {
  #records;

  constructor(file, options) {
    if (!native.isInit()) throw new Error('csv Parser constructor must be called in the init context');
    this.#records = orThrow(native.begin(...chosen(file, options)));
  }

  async next() {
    const value = orThrow(native.next(this.#records));
    return { done: value === undefined, value };
  }
}

export default { parse, Parser };
