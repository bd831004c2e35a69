// Base64 in its four forms, of text and of bytes.
// compare: exit, console
import encoding, { b64decode, b64encode } from 'k6/encoding';

const attempt = (name, run) => {
  try {
    const value = run();
    const shown = value instanceof ArrayBuffer ? `bytes ${new Uint8Array(value).join()}` : JSON.stringify(value);
    console.log(name, shown);
  } catch (error) {
    console.log(name, 'threw', error.message);
  }
};

const bytes = new Uint8Array([0xfb, 0xff, 0xfe, 0, 1]);

export default function () {
  for (const form of [undefined, null, 'std', 'rawstd', 'url', 'rawurl', 'nope', 5]) {
    attempt(`encode ${form}`, () => encoding.b64encode(bytes.buffer, form));
    attempt(`decode padded ${form}`, () => b64decode('+//+AAE=', form));
    attempt(`decode raw ${form}`, () => b64decode('-__-AAE', form));
    attempt(`decode text ${form}`, () => b64decode('aGk=', form, 's'));
  }
  attempt('view', () => b64encode(bytes));
  attempt('part of a view', () => b64encode(bytes.subarray(1, 3)));
  attempt('text', () => b64encode('héllo€'));
  attempt('lone surrogate', () => b64encode('\ud800'));
  for (const bad of [5, 1.5, null, undefined, [104], { a: 1 }, true]) attempt(`no data ${JSON.stringify(bad)}`, () => b64encode(bad));
  for (const format of ['s', 'b', 'x', null]) attempt(`format ${format}`, () => b64decode('aGk=', 'std', format));
  for (const text of ['a$k=', 'aG k=', 'aGl=', '', 'aGk', 'a', '====']) {
    attempt(`decode ${JSON.stringify(text)}`, () => b64decode(text, 'std', 's'));
    attempt(`decode raw ${JSON.stringify(text)}`, () => b64decode(text, 'rawstd', 's'));
  }
  attempt('line ends', () => b64decode('aG\nk=\r\n', 'std', 's'));
  attempt('decode nothing', () => b64decode(undefined));
  attempt('decode a number', () => b64decode(1234));
}
