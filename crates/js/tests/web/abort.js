idlShape('AbortController', 0, { signal: 'readonly', abort: 'method' });
throws(TypeError, () => new AbortSignal());
same(AbortSignal.length, 0);
same(AbortSignal.name, 'AbortSignal');
ok(Object.getOwnPropertyDescriptor(AbortSignal, 'any').enumerable);

{
  const controller = new AbortController();
  const { signal } = controller;
  same(signal, controller.signal);
  same(signal.aborted, false);
  same(signal.reason, undefined);
  signal.throwIfAborted();
  let count = 0;
  signal.onabort = (event) => {
    count++;
    same(event.type, 'abort');
    same(event.isTrusted, true);
    same(event.target, signal);
    same(signal.aborted, true);
  };
  controller.abort();
  controller.abort('again');
  same(count, 1);
  same(signal.reason.name, 'AbortError');
  throws('AbortError', () => signal.throwIfAborted());
}
{
  const reason = { my: 'reason' };
  const signal = AbortSignal.abort(reason);
  same(signal.reason, reason);
  try { signal.throwIfAborted(); ok(false); } catch (error) { same(error, reason); }
  same(AbortSignal.abort(null).reason, null);
  same(AbortSignal.abort(null).aborted, true);
  same(AbortSignal.abort(undefined).reason.name, 'AbortError');
}
{
  const signal = AbortSignal.timeout(20);
  const other = AbortSignal.timeout(10);
  const order = [];
  signal.addEventListener('abort', () => order.push('long'));
  other.addEventListener('abort', () => order.push('short'));
  alike(runTimers(), [10, 20]);
  alike(order, ['short', 'long']);
  same(signal.reason.name, 'TimeoutError');
  throws(TypeError, () => AbortSignal.timeout(-1));
  throws(TypeError, () => AbortSignal.timeout(NaN));
  throws(TypeError, () => AbortSignal.timeout());
}
{
  const a = new AbortController();
  const b = new AbortController();
  const any = AbortSignal.any([a.signal, b.signal]);
  const nested = AbortSignal.any([any]);
  const order = [];
  b.signal.onabort = () => { order.push('source'); same(any.aborted, true); same(nested.aborted, true); };
  any.onabort = () => order.push('any');
  nested.onabort = () => order.push('nested');
  b.abort('why');
  alike(order, ['source', 'any', 'nested']);
  same(nested.reason, 'why');
  a.abort('late');
  same(any.reason, 'why');
  same(AbortSignal.any([]).aborted, false);
  same(AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason, 1);
  throws(TypeError, () => AbortSignal.any([{}]));
  throws(TypeError, () => AbortSignal.any());
  throws(TypeError, () => AbortSignal.any('x'));
}
