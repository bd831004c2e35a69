same(structuredClone.length, 1);
ok(!Object.getOwnPropertyDescriptor(globalThis, 'structuredClone').enumerable);
throws(TypeError, () => structuredClone());

// Primitives and wrappers.
for (const value of [1, -0, NaN, 'x', '', '\uD800', true, null, undefined, 10n]) same(structuredClone(value), value);
for (const value of [1, 'xy', false, 10n]) {
  const copy = structuredClone(Object(value));
  same(typeof copy, 'object');
  same(copy.valueOf(), value);
  same(Object.getPrototypeOf(copy), Object.getPrototypeOf(Object(value)));
}

// Containers.
const source = {
  a: 1, nested: { list: [1, , 'x', { y: undefined }] }, date: new Date(5), bad: new Date(NaN), regexp: /a\/b/gi,
  map: new Map([[{ k: 1 }, new Set([1, 'two'])]]), 'ключ': 1n, __proto__: { inherited: 1 },
};
Object.defineProperty(source, '__proto__', { value: 'own', enumerable: true });
Object.defineProperty(source, 'hidden', { value: 1 });
source[Symbol('s')] = 1;
source.regexp.lastIndex = 3;
const copy = structuredClone(source);
ok(copy !== source && copy.nested !== source.nested);
same(Object.getPrototypeOf(copy), Object.prototype);
alike(Object.keys(copy), Object.keys(source), 'order of properties');
same(Object.getOwnPropertyDescriptor(copy, '__proto__').value, 'own');
same(copy.nested.list.length, 4);
ok(!(1 in copy.nested.list), 'holes stay');
ok('y' in copy.nested.list[3]);
ok(copy.date instanceof Date && copy.date.getTime() === 5);
ok(Number.isNaN(copy.bad.getTime()));
same(String(copy.regexp), '/a\\/b/gi');
same(copy.regexp.lastIndex, 0);
const [[key, set]] = copy.map;
same(key.k, 1);
alike([...set], [1, 'two']);
same(copy.inherited, undefined);
ok(!('hidden' in copy) && Object.getOwnPropertySymbols(copy).length === 0);
const list = Object.assign([1, 2], { extra: 'e' });
same(structuredClone(list).extra, 'e');
class Point { constructor() { this.x = 1; } get y() { return 2; } }
alike(structuredClone(new Point()), { x: 1 });
ok(!(structuredClone(new Point()) instanceof Point));

// Identity and cycles.
const cycle = { list: [] };
cycle.self = cycle;
cycle.list.push(cycle, cycle.list);
cycle.map = new Map([[cycle, cycle]]);
const turned = structuredClone(cycle);
ok(turned.self === turned && turned.list[0] === turned && turned.list[1] === turned.list);
ok(turned.map.get(turned) === turned);

// Deep, without eating the stack.
let deep = {};
for (let i = 0; i < 100_000; i++) deep = { deep };
let depth = 0;
for (let at = structuredClone(deep); at.deep; at = at.deep) depth++;
same(depth, 100_000);

// Order of getters, and what they throw.
const read = [];
structuredClone({ get a() { read.push('a'); return { get b() { read.push('b'); } }; }, get c() { read.push('c'); } });
alike(read, ['a', 'b', 'c']);
throws(RangeError, () => structuredClone({ get x() { throw new RangeError('mine'); } }));
const vanishing = { get a() { delete this.b; return 1; }, b: 2 };
alike(structuredClone(vanishing), { a: 1 });

// Errors.
for (const Type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  const error = structuredClone(Object.assign(new Type('why'), { extra: 1 }));
  same(error.constructor, Type);
  same(error.message, 'why');
  same(error.extra, undefined);
  ok(!Object.keys(error).includes('message'));
}
same(structuredClone(Object.assign(new Error('m'), { name: 'Custom' })).name, 'Error');
const failed = new Error('here');
same(structuredClone(failed).stack, failed.stack);
ok(!Object.hasOwn(structuredClone(new Error()), 'message'));
const exception = structuredClone(new DOMException('gone', 'AbortError'));
ok(exception instanceof DOMException && exception.name === 'AbortError' && exception.message === 'gone');

// Bytes.
const bytes = new Uint8Array([1, 2, 3, 4]);
const two = structuredClone({ view: bytes.subarray(1, 3), buffer: bytes.buffer, data: new DataView(bytes.buffer, 2) });
ok(two.view.buffer === two.buffer && two.data.buffer === two.buffer && two.buffer !== bytes.buffer);
alike([...two.view], [2, 3]);
same(two.view.byteOffset, 1);
same(two.data.byteLength, 2);
bytes[1] = 9;
same(two.view[0], 2);
for (const Type of [Float64Array, BigInt64Array, Uint8ClampedArray, Float16Array]) {
  ok(structuredClone(new Type(3)) instanceof Type && structuredClone(new Type(3)).length === 3, Type.name);
}
const resizable = structuredClone(new ArrayBuffer(2, { maxByteLength: 8 }));
ok(resizable.resizable && resizable.byteLength === 2 && resizable.maxByteLength === 8);

// Transfer.
const moved = new Uint8Array([5, 6]);
const { view, again } = structuredClone({ view: moved, again: moved.buffer }, { transfer: [moved.buffer] });
ok(moved.buffer.detached && moved.length === 0);
alike([...view], [5, 6]);
same(view.buffer, again);
const unused = new ArrayBuffer(1);
structuredClone(1, { transfer: new Set([unused]) });
ok(unused.detached);
const kept = new ArrayBuffer(1);
throws('DataCloneError', () => structuredClone(() => {}, { transfer: [kept] }));
ok(!kept.detached, 'nothing is transferred when cloning fails');
throws('DataCloneError', () => structuredClone(1, { transfer: [kept, kept] }));
throws('DataCloneError', () => structuredClone(1, { transfer: [unused] }));
throws('DataCloneError', () => structuredClone(1, { transfer: [{}] }));
throws('DataCloneError', () => structuredClone(unused));
throws('DataCloneError', () => structuredClone(moved));
throws(TypeError, () => structuredClone(1, { transfer: [1] }));
throws(TypeError, () => structuredClone(1, { transfer: 1 }));
throws(TypeError, () => structuredClone(1, 1));
structuredClone(1, null);

// Blobs.
const file = structuredClone(new File(['abc'], 'n', { type: 'a/b', lastModified: 3 }));
ok(file instanceof File && file.name === 'n' && file.type === 'a/b' && file.lastModified === 3);
same(await file.text(), 'abc');
const blob = structuredClone(new Blob(['x']));
ok(blob instanceof Blob && !(blob instanceof File));

// What cannot be cloned.
for (const value of [
  () => {}, Symbol(), class {}, new WeakMap(), new WeakSet(), new WeakRef({}), Promise.resolve(), new Proxy({}, {}),
  (function* () {})(), new TextEncoder(), Object(Symbol()), [].values(),
]) {
  throws('DataCloneError', () => structuredClone(value), show(value));
  throws('DataCloneError', () => structuredClone({ deep: [value] }));
}
same(throws('DataCloneError', () => structuredClone(() => {})).code, 25);
