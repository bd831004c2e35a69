// Shape.
idlShape('Event', 1, {
  type: 'readonly', target: 'readonly', srcElement: 'readonly', currentTarget: 'readonly', composedPath: 'method',
  eventPhase: 'readonly', stopPropagation: 'method', cancelBubble: 'attribute', stopImmediatePropagation: 'method',
  bubbles: 'readonly', cancelable: 'readonly', returnValue: 'attribute', preventDefault: 'method',
  defaultPrevented: 'readonly', composed: 'readonly', isTrusted: 'readonly', timeStamp: 'readonly', initEvent: 'method',
});
idlShape('EventTarget', 0, { addEventListener: 'method', removeEventListener: 'method', dispatchEvent: 'method' });
idlShape('CustomEvent', 1, { detail: 'readonly', initCustomEvent: 'method' });
idlShape('MessageEvent', 1, {
  data: 'readonly', origin: 'readonly', lastEventId: 'readonly', source: 'readonly', ports: 'readonly',
  initMessageEvent: 'method',
});
idlShape('CloseEvent', 1, { wasClean: 'readonly', code: 'readonly', reason: 'readonly' });
idlShape('ErrorEvent', 1, {
  message: 'readonly', filename: 'readonly', lineno: 'readonly', colno: 'readonly', error: 'readonly',
});
same(EventTarget.prototype.addEventListener.length, 2);
same(EventTarget.prototype.removeEventListener.length, 2);
same(EventTarget.prototype.dispatchEvent.length, 1);
same(Event.prototype.initEvent.length, 1);
same(Event.AT_TARGET, 2);
same(Event.prototype.BUBBLING_PHASE, 3);
same(Object.getPrototypeOf(CloseEvent), Event);
same(globalThis[Symbol.for('sockeye.native')], undefined, 'scripts do not see the natives');

// Constructing.
{
  const event = new Event('x', { bubbles: 1, cancelable: true });
  same(event.type, 'x');
  same(event.bubbles, true);
  same(event.cancelable, true);
  same(event.composed, false);
  same(event.isTrusted, false);
  same(event.target, null);
  same(event.eventPhase, 0);
  ok(event.timeStamp > 0);
  ok(Math.abs(event.timestamp - Date.now()) < 60_000, 'k6 timestamp is the time of day');
  throws(TypeError, () => new Event());
  throws(TypeError, () => new Event('x', 1));
  throws(TypeError, () => new Event(Symbol()));
  same(new Event(undefined).type, 'undefined');
  const read = [];
  new Event('x', { get composed() { read.push('composed'); }, get bubbles() { read.push('bubbles'); }, get cancelable() { read.push('cancelable'); } });
  alike(read, ['bubbles', 'cancelable', 'composed']);
  class Mine extends Event { constructor() { super('mine'); this.extra = 1; } }
  ok(new Mine() instanceof Mine);
  same(new Mine().type, 'mine');
}

// Subclasses of Event.
{
  same(new CustomEvent('c', { detail: 7 }).detail, 7);
  same(new CustomEvent('c').detail, null);
  const message = new MessageEvent('message', { data: [1], origin: 'a\uD800', lastEventId: 'i' });
  alike(message.data, [1]);
  same(message.origin, 'a\uFFFD');
  same(message.lastEventId, 'i');
  same(message.source, null);
  ok(Object.isFrozen(message.ports) && message.ports.length === 0);
  same(message.ports, message.ports);
  same(new MessageEvent('m').data, null);
  same(message.initMessageEvent.length, 1);
  same(message.initMessageEvent('other', true, false, 5, 'b\uD800', 'j', null, []), undefined);
  same([message.type, message.bubbles, message.cancelable, message.data].join(), 'other,true,false,5');
  same(message.origin, 'b\uFFFD');
  same(message.lastEventId, 'j');
  message.initMessageEvent('bare');
  same([message.type, message.bubbles, message.data, message.origin, message.lastEventId].join(), 'bare,false,,,');
  throws(TypeError, () => message.initMessageEvent());
  throws(TypeError, () => message.initMessageEvent('m', false, false, 1, '', '', {}));
  throws(TypeError, () => message.initMessageEvent('m', false, false, 1, '', '', null, [1]));
  throws(TypeError, () => message.initMessageEvent.call(new Event('e'), 'm'));
  same(message.type, 'bare', 'what throws changes nothing');
  throws(TypeError, () => new MessageEvent('m', { ports: 1 }));
  throws(TypeError, () => new MessageEvent('m', { source: {} }));
  const close = new CloseEvent('close', { code: 65536 + 1000, reason: 'bye', wasClean: 1 });
  same(close.code, 1000);
  same(close.reason, 'bye');
  same(close.wasClean, true);
  same(new CloseEvent('close').code, 0);
  const error = new ErrorEvent('error', { message: 'm', lineno: -1, error: null });
  same(error.lineno, 4294967295);
  same(error.error, null);
  same(new ErrorEvent('error').error, undefined);
}

// Listeners: order, duplicates, once, removal and addition during a dispatch.
{
  const target = new EventTarget();
  const calls = [];
  const first = (event) => {
    calls.push('first');
    same(event.target, target);
    same(event.currentTarget, target);
    same(event.eventPhase, Event.AT_TARGET);
    alike(event.composedPath().length, 1);
    target.removeEventListener('x', third);
    target.addEventListener('x', late);
  };
  const second = { handleEvent(event) { calls.push('second'); same(this, second); } };
  const third = () => calls.push('third');
  const late = () => calls.push('late');
  target.addEventListener('x', first, { once: true });
  target.addEventListener('x', first);
  target.addEventListener('x', second);
  target.addEventListener('x', second, false);
  target.addEventListener('x', third);
  target.addEventListener('x', () => calls.push('capture'), true);
  target.addEventListener('x', null);
  const event = new Event('x');
  same(target.dispatchEvent(event), true);
  alike(calls, ['capture', 'first', 'second']);
  same(event.target, target);
  same(event.currentTarget, null);
  same(event.eventPhase, 0);
  calls.length = 0;
  target.dispatchEvent(event);
  alike(calls, ['capture', 'second', 'late']);
  throws(TypeError, () => target.addEventListener('x', 1));
  throws(TypeError, () => target.addEventListener('x'));
  throws(TypeError, () => target.dispatchEvent({ type: 'x' }));
  throws(TypeError, () => EventTarget.prototype.addEventListener.call({}, 'x', null));
  target.removeEventListener('x', second, true);
  target.removeEventListener('x', second);
  calls.length = 0;
  target.dispatchEvent(new Event('x'));
  alike(calls, ['capture', 'late']);
}

// Stopping, cancelling, passive.
{
  const target = new EventTarget();
  const calls = [];
  target.addEventListener('x', (event) => { calls.push('a'); event.stopPropagation(); }, { capture: true });
  target.addEventListener('x', () => calls.push('b'));
  target.dispatchEvent(new Event('x'));
  alike(calls, ['a'], 'stopPropagation in the capturing phase');
  target.addEventListener('y', (event) => { calls.push('y'); event.stopImmediatePropagation(); });
  target.addEventListener('y', () => calls.push('never'));
  const event = new Event('y');
  target.dispatchEvent(event);
  same(event.cancelBubble, false, 'flags are cleared afterwards');
  alike(calls, ['a', 'y']);
  target.addEventListener('z', (event) => event.preventDefault(), { passive: true });
  same(target.dispatchEvent(new Event('z', { cancelable: true })), true, 'passive listeners cannot cancel');
  target.addEventListener('z', (event) => { event.returnValue = false; same(event.defaultPrevented, true); });
  same(target.dispatchEvent(new Event('z', { cancelable: true })), false);
  target.addEventListener('w', (event) => event.preventDefault());
  same(target.dispatchEvent(new Event('w')), true, 'not cancelable');
  const stopped = new Event('w');
  stopped.stopPropagation();
  let seen = false;
  target.addEventListener('w', () => { seen = true; });
  target.dispatchEvent(stopped);
  same(seen, false, 'stopped before dispatch');
}

// Dispatching an event that is being dispatched.
{
  const target = new EventTarget();
  target.addEventListener('x', (event) => throws('InvalidStateError', () => target.dispatchEvent(event)));
  target.dispatchEvent(new Event('x'));
}

// Exceptions do not stop the other listeners (the host is told: see the Rust side).
{
  const target = new EventTarget();
  let reached = false;
  target.addEventListener('x', () => { throw new Error('boom'); });
  target.addEventListener('x', {});
  target.addEventListener('x', () => { reached = true; });
  same(target.dispatchEvent(new Event('x')), true);
  ok(reached);
}

// `signal`.
{
  const target = new EventTarget();
  const controller = new AbortController();
  let calls = 0;
  target.addEventListener('x', () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event('x'));
  controller.abort();
  target.dispatchEvent(new Event('x'));
  same(calls, 1);
  target.addEventListener('x', () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event('x'));
  same(calls, 1, 'an aborted signal adds nothing');
  throws(TypeError, () => target.addEventListener('x', () => {}, { signal: null }));
  throws(TypeError, () => target.addEventListener('x', () => {}, { signal: {} }));
}

// Event handler attributes.
{
  const property = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'onabort');
  ok(property.enumerable && property.configurable);
  same(property.get.name, 'get onabort');
  same(property.set.name, 'set onabort');
  const thing = new AbortController().signal;
  same(thing.onabort, null);
  const calls = [];
  thing.addEventListener('abort', () => calls.push(1));
  thing.onabort = function () { same(this, thing); calls.push(2); };
  thing.addEventListener('abort', () => calls.push(3));
  thing.onabort = () => { calls.push('two'); return false; };
  const event = new Event('abort', { cancelable: true });
  same(thing.dispatchEvent(event), false, 'false cancels');
  alike(calls, [1, 'two', 3], 'a new handler keeps the place of the old');
  thing.onabort = null;
  same(thing.onabort, null);
  thing.onabort = () => calls.push('last');
  calls.length = 0;
  thing.dispatchEvent(new Event('abort'));
  alike(calls, [1, 3, 'last'], 'after null it is registered anew');
  for (const value of [1, 'x', undefined, true, Symbol()]) {
    thing.onabort = value;
    same(thing.onabort, null);
  }
  const object = { handleEvent() { calls.push('never'); } };
  thing.onabort = object;
  same(thing.onabort, object, 'any object is kept');
  calls.length = 0;
  thing.dispatchEvent(new Event('abort'));
  alike(calls, [1, 3], 'but only functions are called');
  const both = () => calls.push('both');
  thing.onabort = both;
  thing.addEventListener('abort', both);
  calls.length = 0;
  thing.dispatchEvent(new Event('abort'));
  alike(calls, [1, 3, 'both', 'both'], 'a handler is not a listener');
  throws(TypeError, () => { AbortSignal.prototype.onabort; });
}
