//! `setTimeout`, `setInterval`, `setImmediate` and what clears them.

use rquickjs::{
    Coerced, Ctx, Exception, Value,
    function::{Opt, Rest},
};

use crate::{
    interop,
    runtime::{late::publish_function, native::function, timers::TimerKind},
    vu::Host,
};

/// The functions, by name: for `k6/timers`.
pub(crate) const NAMES: [&str; 6] = [
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
    "setImmediate",
    "clearImmediate",
];

pub(super) fn make_set_timeout(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    publish_function(ctx, "setTimeout", function(ctx, set_timeout))
}

pub(super) fn make_set_interval(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    publish_function(ctx, "setInterval", function(ctx, set_interval))
}

pub(super) fn make_set_immediate(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    publish_function(ctx, "setImmediate", function(ctx, set_immediate))
}

pub(super) fn make_clear(ctx: &Ctx<'_>, name: &str) -> rquickjs::Result<()> {
    publish_function(ctx, name, function(ctx, clear))
}

fn set_timeout<'js>(
    ctx: Ctx<'js>,
    callback: Value<'js>,
    delay: Opt<Value<'js>>,
    args: Rest<Value<'js>>,
) -> rquickjs::Result<u32> {
    set(&ctx, TimerKind::Timeout, callback, delay.0.as_ref(), args.0)
}

fn set_interval<'js>(
    ctx: Ctx<'js>,
    callback: Value<'js>,
    delay: Opt<Value<'js>>,
    args: Rest<Value<'js>>,
) -> rquickjs::Result<u32> {
    set(&ctx, TimerKind::Interval, callback, delay.0.as_ref(), args.0)
}

fn set_immediate<'js>(
    ctx: Ctx<'js>,
    callback: Value<'js>,
    args: Rest<Value<'js>>,
) -> rquickjs::Result<u32> {
    set(&ctx, TimerKind::Immediate, callback, None, args.0)
}

fn set<'js>(
    ctx: &Ctx<'js>,
    kind: TimerKind,
    callback: Value<'js>,
    delay: Option<&Value<'js>>,
    args: Vec<Value<'js>>,
) -> rquickjs::Result<u32> {
    let Some(callback) = callback.as_function().cloned() else {
        let message = format!(
            "{} needs a function as its first argument, not {}",
            kind.as_str(),
            interop::display(&callback)
        );
        return Err(Exception::throw_type(ctx, &message));
    };
    let delay = interop::delay(delay)?;
    let host = Host::of(ctx)?;
    Ok(host.event_loop.timers.set(ctx, kind, delay, callback, args))
}

fn clear(ctx: Ctx<'_>, id: Opt<Value<'_>>) -> rquickjs::Result<()> {
    let Some(id) = id.0 else { return Ok(()) };
    let id = id.get::<Coerced<f64>>()?.0;
    if id >= 1.0 && id <= f64::from(u32::MAX) {
        Host::of(&ctx)?.event_loop.timers.clear(id as u32);
    }
    Ok(())
}
