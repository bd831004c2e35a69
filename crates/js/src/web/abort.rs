//! `AbortController` and `AbortSignal`: WHATWG DOM §3.

use std::rc::Rc;

use rquickjs::{Class, Coerced, Ctx, Exception, FromJs as _, Function, JsIterator, Result, Value};

use super::{
    dispatch::fire_plain,
    event_class::{ControllerClass, EventKind, EventTargetClass, Listener, Signal, Target},
    event_target::{forget, handler},
    lazy::{self, interface_prototype},
    opaque::{Shape, argument, construct_class, illegal_constructor, native, require},
    performance::Clock,
};
use crate::runtime::{
    builtins::throw_dom,
    call::Call,
    late,
    member::{Member, getter, method},
};

pub(super) fn make_signal(ctx: &Ctx<'_>) -> Result<()> {
    let signal =
        Shape::new(ctx, "AbortSignal", 0, |params| Err(illegal_constructor(params.ctx())))?
            .extends("EventTarget")?
            .static_members(STATIC_ABORT_SIGNAL)?
            .members(ABORT_SIGNAL)?;
    signal.publish("AbortSignal")
}

static STATIC_ABORT_SIGNAL: &[Member] = &[
    method(c"abort", 0, |params| {
        let signal = new_signal(params.ctx())?;
        set_reason(&signal, reason_or(params.ctx(), argument(&params, 0), "AbortError", ABORTED));
        Ok(signal.into_value())
    }),
    method(c"timeout", 1, |params| timeout(&params)),
    method(c"any", 1, |params| any(&params)),
];

static ABORT_SIGNAL: &[Member] = &[
    handler(c"onabort", EventKind::Abort),
    getter(c"aborted", |params| {
        let signal = this(&params)?;
        Ok(Value::new_bool(params.ctx().clone(), is_aborted(&signal)))
    }),
    getter(c"reason", |params| {
        Ok(reason(&this(&params)?).unwrap_or_else(|| undefined(params.ctx())))
    }),
    method(c"throwIfAborted", 0, |params| match reason(&this(&params)?) {
        Some(reason) => Err(params.ctx().throw(reason)),
        None => Ok(undefined(params.ctx())),
    }),
];

pub(super) fn make_controller(ctx: &Ctx<'_>) -> Result<()> {
    Shape::new(ctx, "AbortController", 0, |params| {
        let signal = new_signal(params.ctx())?;
        construct_class(&params, ControllerClass { signal })
    })?
    .members(ABORT_CONTROLLER)?
    .publish("AbortController")
}

static ABORT_CONTROLLER: &[Member] = &[
    getter(c"signal", |params| Ok(controlled(&params)?.into_value())),
    method(c"abort", 0, |params| {
        let signal = controlled(&params)?;
        let reason = reason_or(params.ctx(), argument(&params, 0), "AbortError", ABORTED);
        abort(&signal, &reason, lazy::clock(params.ctx())?)?;
        Ok(undefined(params.ctx()))
    }),
];

const ABORTED: &str = "signal is aborted without reason";

/// Web IDL's conversion to `AbortSignal`.
pub(super) fn signal<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Target<'js>> {
    value
        .as_object()
        .and_then(Target::from_object)
        .filter(|target| target.borrow().signal.is_some())
        .ok_or_else(|| Exception::throw_type(ctx, "value is not an AbortSignal"))
}

/// DOM "aborted".
pub(super) fn is_aborted(signal: &Target<'_>) -> bool {
    reason(signal).is_some()
}

/// Has `signal` remove a listener when it aborts, as long as that listener is there.
pub(super) fn remove_on_abort<'js>(
    signal: &Target<'js>,
    target: &Target<'js>,
    listener: &Rc<Listener<'js>>,
) {
    if let Some(signal) = &signal.borrow().signal {
        let mut removals = signal.removals.borrow_mut();
        // So that a signal which outlives many listeners does not grow.
        removals.retain(|(_, listener)| listener.strong_count() > 0);
        removals.push((target.clone(), Rc::downgrade(listener)));
    }
}

fn reason<'js>(signal: &Target<'js>) -> Option<Value<'js>> {
    signal.borrow().signal.as_ref().and_then(|signal| signal.reason.borrow().clone())
}

fn set_reason<'js>(signal: &Target<'js>, reason: Value<'js>) {
    if let Some(signal) = &signal.borrow().signal {
        signal.reason.replace(Some(reason));
    }
}

fn reason_or<'js>(ctx: &Ctx<'js>, given: Value<'js>, name: &str, message: &str) -> Value<'js> {
    if given.is_undefined() {
        let _ = throw_dom(ctx, name, message);
        return ctx.catch();
    }
    given
}

fn new_signal<'js>(ctx: &Ctx<'js>) -> Result<Target<'js>> {
    let prototype = interface_prototype(ctx, "AbortSignal")?;
    let target = EventTargetClass { signal: Some(Box::default()), ..EventTargetClass::default() };
    Class::instance_proto(target, prototype)
}

/// DOM "signal abort".
fn abort<'js>(signal: &Target<'js>, reason: &Value<'js>, clock: Clock) -> Result<()> {
    if is_aborted(signal) {
        return Ok(());
    }
    set_reason(signal, reason.clone());
    let mut dependents =
        with(signal, |signal| std::mem::take(&mut *signal.dependents.borrow_mut()));
    // All are aborted before any event tells of it.
    dependents.retain(|dependent| !is_aborted(dependent));
    for dependent in &dependents {
        set_reason(dependent, reason.clone());
    }
    for signal in std::iter::once(signal).chain(&dependents) {
        // DOM "run the abort steps".
        for (target, listener) in
            with(signal, |signal| std::mem::take(&mut *signal.removals.borrow_mut()))
        {
            if let Some(listener) = listener.upgrade() {
                forget(&target, &listener);
            }
        }
        fire_plain(signal, EventKind::Abort, clock.now())?;
    }
    Ok(())
}

fn with<'js, R: Default>(target: &Target<'js>, use_it: impl FnOnce(&Signal<'js>) -> R) -> R {
    target.borrow().signal.as_ref().map_or_else(R::default, |signal| use_it(signal))
}

fn timeout<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let clock = lazy::clock(ctx)?;
    require(params, 1)?;
    let delay = Coerced::<f64>::from_js(ctx, argument(params, 0))?.0.trunc();
    // Web IDL [EnforceRange] unsigned long long.
    if !(0.0..=9_007_199_254_740_991.0).contains(&delay) {
        return Err(Exception::throw_type(ctx, "milliseconds is out of range"));
    }
    let signal = new_signal(ctx)?;
    // The timer hands the signal to the callback, which so keeps no JavaScript value of its own.
    let expire = native(ctx, "", 1, move |params| {
        let ctx = params.ctx();
        let reason = reason_or(ctx, undefined(ctx), "TimeoutError", "signal timed out");
        abort(&self::signal(ctx, &argument(&params, 0))?, &reason, clock)?;
        Ok(undefined(ctx))
    })?;
    let set_timeout: Function<'js> = late::first(ctx, "setTimeout")?.get()?;
    set_timeout.call::<_, Value<'js>>((expire, delay, signal.clone()))?;
    Ok(signal.into_value())
}

/// DOM "create a dependent abort signal".
fn any<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    require(params, 1)?;
    let list = argument(params, 0);
    if !list.is_object() {
        return Err(Exception::throw_type(ctx, "signals is not iterable"));
    }
    let given: Vec<Target<'js>> = JsIterator::<Value<'js>>::from_js(ctx, list)?
        .map(|value| signal(ctx, &value?))
        .collect::<Result<_>>()?;
    let result = new_signal(ctx)?;
    if let Some(reason) = given.iter().find_map(reason) {
        set_reason(&result, reason);
        return Ok(result.into_value());
    }
    let mut sources: Vec<Target<'js>> = Vec::new();
    for signal in &given {
        let own = with(signal, |signal| signal.sources.borrow().clone());
        for source in if own.is_empty() { vec![signal.clone()] } else { own } {
            if !sources.contains(&source) {
                with(&source, |source| source.dependents.borrow_mut().push(result.clone()));
                sources.push(source);
            }
        }
    }
    with(&result, |signal| drop(signal.sources.replace(sources)));
    Ok(result.into_value())
}

fn this<'js>(params: &Call<'_, 'js>) -> Result<Target<'js>> {
    signal(params.ctx(), &params.this())
}

fn controlled<'js>(params: &Call<'_, 'js>) -> Result<Target<'js>> {
    let this = params.this();
    let controller = this.as_object().and_then(Class::<ControllerClass<'js>>::from_object);
    match controller {
        Some(controller) => Ok(controller.borrow().signal.clone()),
        None => Err(Exception::throw_type(
            params.ctx(),
            "illegal invocation: this is not an AbortController",
        )),
    }
}

fn undefined<'js>(ctx: &Ctx<'js>) -> Value<'js> {
    Value::new_undefined(ctx.clone())
}
