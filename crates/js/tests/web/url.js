URL;
idlShape('URL', 1, {
  href: 'attribute', origin: 'readonly', protocol: 'attribute', username: 'attribute', password: 'attribute',
  host: 'attribute', hostname: 'attribute', port: 'attribute', pathname: 'attribute', search: 'attribute',
  searchParams: 'readonly', hash: 'attribute', toString: 'method', toJSON: 'method',
});
idlShape('URLSearchParams', 0, {
  size: 'readonly', append: 'method', delete: 'method', get: 'method', getAll: 'method', has: 'method', set: 'method',
  sort: 'method', toString: 'method', forEach: 'method', entries: 'method', keys: 'method', values: 'method',
});
alike(Object.keys(URL).sort(), ['canParse', 'parse']);
same(URLSearchParams.prototype.append.length, 2);
same(URLSearchParams.prototype.delete.length, 1);

// Parsing.
const url = new URL('HTTPS://us%65r:pa ss@EXAMPLE.com:443/a/../b c?q=1&r= x#frag ment');
same(url.href, 'https://us%65r:pa%20ss@example.com/b%20c?q=1&r=%20x#frag%20ment');
same(url.origin, 'https://example.com');
same(url.protocol, 'https:');
same(url.username, 'us%65r');
same(url.password, 'pa%20ss');
same(url.host, 'example.com');
same(url.port, '');
same(url.pathname, '/b%20c');
same(url.search, '?q=1&r=%20x');
same(url.hash, '#frag%20ment');
same(String(url), url.href);
same(JSON.stringify({ url }), `{"url":"${url.href}"}`);
same(new URL('../x?y', 'ws://h:81/a/b/c').href, 'ws://h:81/a/x?y');
same(new URL('//b/c', new URL('wss://a')).href, 'wss://b/c');
same(new URL('http://münchen.de').hostname, 'xn--mnchen-3ya.de');
same(new URL('http://[::1]:80/').host, '[::1]');
same(new URL('http://0x7f.1').hostname, '127.0.0.1');
same(new URL('data:text/plain,x').origin, 'null');
same(new URL('http://h/\uD800').pathname, '/%EF%BF%BD');
for (const bad of ['', 'x', '//h', 'http://', 'http://a b', 'http://[', 'http://h:99999']) {
  throws(TypeError, () => new URL(bad), bad);
  same(URL.canParse(bad), false);
  same(URL.parse(bad), null);
}
throws(TypeError, () => new URL());
throws(TypeError, () => new URL('x', 'y'));
same(URL.canParse('x', 'http://h'), true);
const parsed = URL.parse('x', 'http://h');
ok(parsed instanceof URL);
same(parsed.href, 'http://h/x');

// Setters.
const u = new URL('http://h/p');
u.protocol = 'https';
u.username = 'me@';
u.password = ':x';
u.host = 'other:8080';
u.pathname = 'a b?';
u.search = 'k=v #';
u.hash = 'h';
same(u.href, 'https://me%40:%3Ax@other:8080/a%20b%3F?k=v%20%23#h');
u.port = '443';
same(u.port, '');
u.port = 'junk';
u.host = '';
same(u.host, 'other');
u.hostname = 'third';
u.protocol = 'mailto';
u.hash = '';
u.search = '?';
same(u.href, 'https://me%40:%3Ax@third/a%20b%3F?');
u.search = '';
same(u.href, 'https://me%40:%3Ax@third/a%20b%3F');
throws(TypeError, () => { u.href = 'nope'; });
u.href = 'ws://new/?z=1';
same(u.searchParams.get('z'), '1');
throws(TypeError, () => { 'use strict'; u.origin = 'x'; });

// The live link.
const live = new URL('http://h/?a=1&b=2#f');
const { searchParams } = live;
same(searchParams, live.searchParams);
searchParams.append('c', 'x y&');
same(live.href, 'http://h/?a=1&b=2&c=x+y%26#f');
live.search = '?only=1';
same(searchParams.toString(), 'only=1');
same(searchParams.size, 1);
searchParams.delete('only');
same(live.href, 'http://h/#f');
live.href = 'http://h/?n=1';
same(searchParams.get('n'), '1');
searchParams.set('n', 'ü');
same(live.search, '?n=%C3%BC');

// URLSearchParams alone.
const q = (init) => new URLSearchParams(init).toString();
same(q(), '');
same(q('?a=b&c'), 'a=b&c=');
same(q('??a'), '%3Fa=');
same(q('a=b+c%20d%zz&&=x'), 'a=b+c+d%25zz&=x');
same(q([['a', 1], ['a', '2']]), 'a=1&a=2');
same(q({ a: 1, b: null }), 'a=1&b=null');
same(q(new Map([['m', 'n']])), 'm=n');
same(q(new URLSearchParams('x=y')), 'x=y');
same(q(null), 'null=');
same(q("*-._~'()!"), "*-._%7E%27%28%29%21=");
same(q('a=\uD800'), 'a=%EF%BF%BD');
same(q({ '\uD800': 1, '\uDC00': 2 }), '%EF%BF%BD=2');
for (const bad of [[1], [['a']], [['a', 'b', 'c']], ['ab']]) throws(TypeError, () => q(bad), show(bad));
throws(TypeError, () => q(Symbol()));

const p = new URLSearchParams('b=1&a=2&b=3&a=2');
same(p.get('b'), '1');
same(p.get('none'), null);
alike(p.getAll('b'), ['1', '3']);
same(p.has('b', '3'), true);
same(p.has('b', '4'), false);
same(p.has('b', undefined), true);
p.delete('b', '1');
same(p.toString(), 'a=2&b=3&a=2');
p.set('a', '9');
same(p.toString(), 'a=9&b=3');
p.set('c', '0');
p.append('a', '1');
p.sort();
same(p.toString(), 'a=9&a=1&b=3&c=0');
const units = new URLSearchParams('\uFB03=1&\u{1F308}=2');
units.sort();
alike([...units.keys()], ['\u{1F308}', '\uFB03'], 'by code units, not code points');
throws(TypeError, () => p.append('a'));
throws(TypeError, () => p.get());
throws(TypeError, () => URLSearchParams.prototype.get.call({}, 'a'));

// Iteration.
same(URLSearchParams.prototype[Symbol.iterator], URLSearchParams.prototype.entries);
alike([...p], [['a', '9'], ['a', '1'], ['b', '3'], ['c', '0']]);
alike([...p.values()], ['9', '1', '3', '0']);
const iterator = p.entries();
same(Object.prototype.toString.call(iterator), '[object URLSearchParams Iterator]');
same(iterator[Symbol.iterator](), iterator);
alike(iterator.next(), { value: ['a', '9'], done: false });
p.delete('a');
alike(iterator.next(), { value: ['c', '0'], done: false }, 'it is live');
alike(iterator.next(), { done: true });
const seen = [];
p.forEach(function (value, key, params) { seen.push(value, key, params === p, this.t); }, { t: 1 });
alike(seen, ['3', 'b', true, 1, '0', 'c', true, 1]);
throws(TypeError, () => p.forEach(1));
