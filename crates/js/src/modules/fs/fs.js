// k6/experimental/fs: files, over the natives of internal:fs. The words of errors are k6's.
// https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/fs/
import * as native from 'internal:fs';

/** What the functions reject with; its name says what kind of fault it is. */
class FsError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

const isAbsent = (value) => value === undefined || value === null;
const refuse = (message) => { throw new FsError('TypeError', message); };

let handle;

class File {
  #handle;
  #info;

  constructor([opened, path, name, size]) {
    this.#handle = opened;
    this.#info = { name, size };
    Object.defineProperty(this, 'path', { value: path, enumerable: true });
  }

  static { handle = (file) => (typeof file === 'object' && file !== null && #handle in file ? file.#handle : undefined); }

  async stat() {
    return { ...this.#info };
  }

  async read(into) {
    if (isAbsent(into)) refuse('read() failed; reason: into argument cannot be null or undefined');
    if (Object.prototype.toString.call(into) !== '[object Uint8Array]') refuse('read() failed; reason: into argument must be a Uint8Array');
    return native.read(this.#handle, into);
  }

  async seek(offset, whence) {
    if (isAbsent(offset)) refuse('seek() failed; reason: the offset argument cannot be null or undefined');
    if (isAbsent(whence)) refuse('seek() failed; reason: the whence argument cannot be null or undefined');
    if (typeof offset !== 'number' || Number.isNaN(offset)) refuse('seek() failed; reason: the offset argument must be a number');
    if (!Object.values(SeekMode).includes(whence)) refuse('seek() failed; reason: the whence argument must be a SeekMode');
    const sought = native.seek(this.#handle, Math.trunc(offset), whence);
    return typeof sought === 'string' ? refuse(sought) : sought;
  }
}

/** The native half of a file, `undefined` of anything else. */
export const handleOf = (file) => handle(file);

export const SeekMode = Object.freeze({ Start: 0, Current: 1, End: 2 });

export async function open(path) {
  if (isAbsent(path)) refuse('open() failed; reason: path cannot be null or undefined');
  if (String(path) === '') refuse('open() failed; reason: path cannot be empty');
  const opened = native.load(String(path));
  if (opened.length === 2) throw new FsError(...opened);
  return new File(opened);
}
