idlShape('TextEncoder', 0, { encoding: 'readonly', encode: 'method', encodeInto: 'method' });
idlShape('TextDecoder', 0, { encoding: 'readonly', fatal: 'readonly', ignoreBOM: 'readonly', decode: 'method' });
same(TextEncoder.prototype.encodeInto.length, 2);
same(TextEncoder.prototype.encode.length, 0);

const bytes = (...values) => new Uint8Array(values);
const encoder = new TextEncoder();
same(encoder.encoding, 'utf-8');
alike([...encoder.encode('aé€😀')], [97, 195, 169, 226, 130, 172, 240, 159, 152, 128]);
alike([...encoder.encode('\uD800x\uDC00')], [239, 191, 189, 120, 239, 191, 189]);
same(encoder.encode().length, 0);
same(encoder.encode(undefined).length, 0);
alike([...encoder.encode(null)], [110, 117, 108, 108]);
alike([...encoder.encode('\0')], [0]);
ok(encoder.encode('x') instanceof Uint8Array);
throws(TypeError, () => TextEncoder.prototype.encode.call({}, 'x'));

const room = new Uint8Array(8).fill(9);
alike(encoder.encodeInto('a€😀', room.subarray(1, 6)), { read: 2, written: 4 });
alike([...room], [9, 97, 226, 130, 172, 9, 9, 9]);
alike(encoder.encodeInto('😀', new Uint8Array(4)), { read: 2, written: 4 });
alike(encoder.encodeInto('😀', new Uint8Array(3)), { read: 0, written: 0 });
throws(TypeError, () => encoder.encodeInto('x', new Int8Array(1)));
throws(TypeError, () => encoder.encodeInto('x', new ArrayBuffer(1)));
throws(TypeError, () => encoder.encodeInto('x'));

// Labels.
for (const [label, name] of [
  ['utf8', 'utf-8'], [' UTF-8\n', 'utf-8'], ['latin1', 'windows-1252'], ['ascii', 'windows-1252'], ['sjis', 'shift_jis'],
  ['utf-16', 'utf-16le'], ['ucs-2', 'utf-16le'], ['unicodefffe', 'utf-16be'], ['gb2312', 'gbk'], ['euc-kr', 'euc-kr'],
  ['x-user-defined', 'x-user-defined'], ['iso-8859-8-i', 'iso-8859-8-i'], ['big5', 'big5'], ['koi8-r', 'koi8-r'],
]) same(new TextDecoder(label).encoding, name, label);
for (const label of ['', 'replacement', 'hz-gb-2312', 'nonsense', 'utf\u00A08', 'utf-8\0']) throws(RangeError, () => new TextDecoder(label), label);
same(new TextDecoder().encoding, 'utf-8');
same(new TextDecoder(undefined).fatal, false);
same(new TextDecoder('utf-8', { fatal: 1, ignoreBOM: 'x' }).fatal, true);
same(new TextDecoder('utf-8', { ignoreBOM: 'x' }).ignoreBOM, true);
throws(TypeError, () => new TextDecoder('utf-8', 1));

// Decoding.
const decoder = new TextDecoder();
same(decoder.decode(), '');
same(decoder.decode(undefined), '');
same(decoder.decode(bytes(97, 195, 169).buffer), 'aé');
same(decoder.decode(new DataView(bytes(97, 98, 99).buffer, 1, 1)), 'b');
same(decoder.decode(bytes(0xFF, 0x41, 0xE2, 0x82)), '\uFFFDA\uFFFD');
same(decoder.decode(bytes(0xEF, 0xBB, 0xBF, 0x41)), 'A');
same(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(0xEF, 0xBB, 0xBF, 0x41)), '\uFEFFA');
same(new TextDecoder('utf-16le').decode(bytes(0xFF, 0xFE, 0x41, 0)), 'A');
same(new TextDecoder('utf-16le').decode(bytes(0, 0xD8)), '\uFFFD');
same(new TextDecoder('shift_jis').decode(bytes(0x93, 0xFA, 0x96, 0x7B)), '日本');
same(new TextDecoder('latin1').decode(bytes(0x80)), '€');
for (const wrong of [null, 1, 'x', {}, [1]]) throws(TypeError, () => decoder.decode(wrong));
throws(TypeError, () => decoder.decode(bytes(), 1));
const gone = new ArrayBuffer(3);
gone.transfer();
same(decoder.decode(gone), '');

// Streams.
same(decoder.decode(bytes(0xE2), { stream: true }), '');
same(decoder.decode(bytes(0x82), { stream: true }), '');
same(decoder.decode(bytes(0xAC, 0x41), { stream: true }), '€A');
same(decoder.decode(bytes(0xF0, 0x9F), { stream: true }), '');
same(decoder.decode(), '\uFFFD', 'the end of the stream flushes');
same(decoder.decode(bytes(0xEF, 0xBB), { stream: true }), '');
same(decoder.decode(bytes(0xBF, 0x42)), 'B', 'a byte order mark in pieces');
same(decoder.decode(bytes(0xEF, 0xBB, 0xBF, 0x43)), 'C', 'the next stream has one of its own');

// Fatal.
const fatal = new TextDecoder('utf-8', { fatal: true });
throws(TypeError, () => fatal.decode(bytes(0xFF)));
throws(TypeError, () => fatal.decode(bytes(0xE2, 0x82)));
throws(TypeError, () => fatal.decode(bytes(0xED, 0xA0, 0x80)));
same(fatal.decode(bytes(0xE2), { stream: true }), '');
throws(TypeError, () => fatal.decode());
same(fatal.decode(bytes(0x41)), 'A', 'usable again');
