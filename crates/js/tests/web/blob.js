idlShape('Blob', 0, {
  size: 'readonly', type: 'readonly', slice: 'method', text: 'method', arrayBuffer: 'method', bytes: 'method',
});
idlShape('File', 2, { name: 'readonly', lastModified: 'readonly' });
same(Object.getPrototypeOf(File), Blob);
same(Object.getPrototypeOf(File.prototype), Blob.prototype);

const text = (...parts) => new Blob(...parts).text();
same(await text(), '');
same(await text(undefined, undefined), '');
same(await text([]), '');
same(await text(['a', 1, null, undefined, { toString() { return 'o'; } }]), 'a1nullundefinedo');
same(await text(['\uD800é']), '\uFFFDé');
same(await text([new Uint8Array([0xEF, 0xBB, 0xBF, 0x41, 0xFF])]), 'A\uFFFD', 'text() decodes');
same(await text(new Set(['x', 'y'])), 'xy');
const buffer = new TextEncoderless('0123456789');
function TextEncoderless(string) { return Uint8Array.from(string, (char) => char.charCodeAt(0)).buffer; }
same(await text([buffer, new Uint8Array(buffer, 2, 3), new DataView(buffer, 8), new Uint16Array(buffer, 0, 1)]), '01234567892348901');
throws(TypeError, () => new Blob('string'));
throws(TypeError, () => new Blob(1));
throws(TypeError, () => new Blob(null));
throws(TypeError, () => new Blob({}));
throws(TypeError, () => new Blob([], 1));
throws(TypeError, () => new Blob([Symbol()]));
throws(RangeError, () => new Blob({ [Symbol.iterator]() { throw new RangeError('mine'); } }));

// Types.
same(new Blob([], { type: 'Text/PLAIN;charset=UTF-8' }).type, 'text/plain;charset=utf-8');
same(new Blob([], { type: 'te\u00e9xt' }).type, '');
same(new Blob([], { type: 'a\tb' }).type, '');
same(new Blob([], { type: null }).type, 'null');
same(new Blob([], { type: undefined }).type, '');

// Endings.
same(await text(['a\r\nb\rc\nd'], { endings: 'native' }), 'a\nb\nc\nd');
same(await text(['a\r\nb'], { endings: 'transparent' }), 'a\r\nb');
throws(TypeError, () => new Blob([], { endings: 'other' }));
const read = [];
new Blob([], { get type() { read.push('type'); }, get endings() { read.push('endings'); } });
alike(read, ['endings', 'type']);

// Slices.
const digits = new Blob([buffer], { type: 'x/y' });
const slice = (...at) => digits.slice(...at).text();
same(await slice(), '0123456789');
same(await slice(3), '3456789');
same(await slice(-1), '9');
same(await slice(-3, -1), '78');
same(await slice(2, 5), '234');
same(await slice(5, 2), '');
same(await slice(0, 1000), '0123456789');
same(await slice(1000), '');
same(await slice(-1000, 2), '01');
same(await slice(NaN, Infinity), '0123456789');
same(await slice(-Infinity, 1.5), '01');
same(await slice(undefined, undefined), '0123456789');
same(await slice(null, null), '');
same(digits.slice(2, 5).slice(1).size, 2);
same(digits.slice(0, 1).type, '', 'a slice has no type of its own');
same(digits.slice(0, 1, 'A/b').type, 'a/b');

// Reading.
const bytes = new Uint8Array(await digits.arrayBuffer());
same(bytes.length, 10);
bytes[0] = 65;
same(await slice(0, 1), '0', 'arrayBuffer() copies');
const array = await digits.bytes();
ok(array instanceof Uint8Array);
same(array[9], 57);
await rejects(TypeError, Blob.prototype.text.call({}));
throws(TypeError, () => Blob.prototype.slice.call({}));
buffer.transfer();
same(await new Blob([buffer]).text(), '', 'a detached buffer is empty');
// Web IDL: without [AllowShared] and [AllowResizable].
throws(TypeError, () => new Blob([new Uint8Array(new SharedArrayBuffer(1))]));
throws(TypeError, () => new Blob([new DataView(new SharedArrayBuffer(1))]));
throws(TypeError, () => new Blob([new ArrayBuffer(1, { maxByteLength: 2 })]));
throws(TypeError, () => new Blob([new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))]));
same(await new Blob([new SharedArrayBuffer(1)]).text(), '[object SharedArrayBuffer]', 'an object like any other');

// Files.
const file = new File(['data', digits], 'näme\uD800', { type: 'T/x', lastModified: 12.9 });
same(file.name, 'näme\uFFFD');
same(file.lastModified, 12);
same(file.type, 't/x');
same(await file.text(), 'data0123456789');
ok(file instanceof Blob && file instanceof File);
ok(!(file.slice() instanceof File));
same(new File([], 'n', { lastModified: new Date(5) }).lastModified, 5);
ok(Math.abs(new File([], 'n').lastModified - Date.now()) < 60_000);
throws(TypeError, () => new File([]));
throws(TypeError, () => new File(undefined, 'n'));
same(Object.prototype.toString.call(file), '[object File]');
throws(TypeError, () => Object.getOwnPropertyDescriptor(File.prototype, 'name').get.call(digits));
class Mine extends Blob { get twice() { return this.size * 2; } }
same(new Mine(['ab']).twice, 4);
ok(new Mine([]) instanceof Blob);

// Memory: here all blobs together may hold a mebibyte.
const half = new Uint8Array(1 << 19);
let held = new Blob([half]);
throws(InternalError, () => new Blob([half, 'more than there is']), 'beyond the limit');
throws(InternalError, () => new Blob([held, held, 'x']), 'beyond the limit, of blobs');
same(new Blob([held.slice(5), held.slice(9)].slice(1)).size, half.length - 9, 'a slice costs nothing');
held = null;
same(new Blob([half]).size, half.length, 'what nobody holds is free');
for (let n = 0; n < 8; n += 1) {
  const cycle = { blob: new Blob([half]) };
  cycle.self = cycle;
}
