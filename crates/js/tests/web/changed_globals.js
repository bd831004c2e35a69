// What a script did to globals does not reach the halves that run later, and stays as the script did it.
const before = { Object, iterator: Symbol.iterator };
class Mine {}
globalThis.Symbol = null;
globalThis.Object = 5;
globalThis.EventTarget = Mine;
globalThis.Promise = undefined;
delete globalThis.Reflect;

const url = new URL('http://host/?a=1');
const seen = [url.searchParams.get('a'), `${new URLSearchParams({ b: 2 })}`, `${new URLSearchParams([['c', 3]])}`];
seen.push(typeof URLSearchParams.prototype[before.iterator]);
const { value } = await new ReadableStream({ start(controller) { controller.enqueue(7); } }).getReader().read();
seen.push(value, Symbol, Object, EventTarget === Mine, Promise, 'Promise' in globalThis, 'Reflect' in globalThis);

// The assertions need it.
globalThis.Object = before.Object;
const expected = ['1', 'b=2', 'c=3', 'function', 7, null, 5, true, undefined, true, false];
same(seen.length, expected.length);
seen.forEach((item, at) => same(item, expected[at], `item ${at}`));
