same(Object.prototype.toString.call(crypto), '[object Crypto]');
throws(TypeError, () => new Crypto());
for (const Type of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]) {
  const array = new Type(64);
  same(crypto.getRandomValues(array), array);
  ok(array.some((value) => value != 0), Type.name);
}
const window = new Uint8Array(10);
crypto.getRandomValues(window.subarray(4, 6));
alike([...window.subarray(0, 4), ...window.subarray(6)], [0, 0, 0, 0, 0, 0, 0, 0], 'only the window');
for (const Type of [Float32Array, Float64Array]) throws('TypeMismatchError', () => crypto.getRandomValues(new Type(4)));
throws('TypeMismatchError', () => crypto.getRandomValues(new DataView(new ArrayBuffer(4))));
throws(TypeError, () => crypto.getRandomValues(new ArrayBuffer(4)));
throws(TypeError, () => crypto.getRandomValues([1]));
throws(TypeError, () => crypto.getRandomValues());
crypto.getRandomValues(new Uint8Array(65536));
same(throws('QuotaExceededError', () => crypto.getRandomValues(new Uint8Array(65537))).code, 22);
same(crypto.getRandomValues(new Uint8Array(0)).length, 0);
ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID());
ok(crypto.randomUUID() !== crypto.randomUUID());
throws(TypeError, () => Crypto.prototype.randomUUID.call({}));

// atob and btoa are the engine's; what the Infra standard says of them holds.
same(btoa('\x00\xFFab'), 'AP9hYg==');
same(btoa(''), '');
same(btoa(undefined), 'dW5kZWZpbmVk');
same(atob(' AP9h\tYg = = \n'.replace(' = = ', '==')), '\x00\xFFab');
same(atob('YQ'), 'a');
same(atob(null), '\x9Eée');
for (const bad of ['a', 'ab=', 'a===', 'YQ=', 'ab=c', '====', 'é', '\u0100', 'YQ==YQ==']) throws('InvalidCharacterError', () => atob(bad), bad);
throws('InvalidCharacterError', () => btoa('\u0100'));
