//! `performance`, and the clock behind it and event times: High Resolution Time §4 and §6.

use std::time::{Instant, SystemTime};

use rquickjs::{Class, Ctx, Exception, Object, Result, Value};

use super::{
    event_class::{EventTargetClass, Target},
    lazy,
    opaque::{Shape, illegal_constructor},
};
use crate::runtime::{
    call::Call,
    late,
    member::{Member, getter, method},
};

/// A monotonic clock in milliseconds, to the microsecond.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    origin: Instant,
    /// The wall clock at the origin, as far as it has not been set since. Milliseconds since the epoch.
    pub(super) time_origin: f64,
}

impl Clock {
    /// A clock that counts from `origin`.
    pub(crate) fn new(origin: Instant) -> Self {
        let epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self {
            origin,
            time_origin: epoch.saturating_sub(origin.elapsed()).as_micros() as f64 / 1e3,
        }
    }

    /// What `performance.now()` says at this moment.
    pub(super) fn now(self) -> f64 {
        milliseconds(self.origin, Instant::now())
    }
}

/// Milliseconds of `performance.now()` at `at`, to the microsecond.
pub(crate) fn milliseconds(origin: Instant, at: Instant) -> f64 {
    at.saturating_duration_since(origin).as_micros() as f64 / 1e3
}

pub(super) fn make<'js>(ctx: &Ctx<'js>) -> Result<()> {
    let performance =
        Shape::new(ctx, "Performance", 0, |params| Err(illegal_constructor(params.ctx())))?
            .extends("EventTarget")?
            .members(PERFORMANCE)?;
    performance.publish("Performance")?;
    let instance =
        Class::instance_proto(EventTargetClass::default(), performance.prototype().clone())?;
    late::publish(ctx, "performance", instance.into_value())
}

static PERFORMANCE: &[Member] = &[
    method(c"now", 0, |params| number(&params, lazy::clock(params.ctx())?.now())),
    getter(c"timeOrigin", |params| number(&params, lazy::clock(params.ctx())?.time_origin)),
    method(c"toJSON", 0, |params| {
        let time_origin = number(&params, lazy::clock(params.ctx())?.time_origin)?;
        let json = Object::new(params.ctx().clone())?;
        json.set("timeOrigin", time_origin)?;
        Ok(json.into_value())
    }),
];

fn number<'js>(params: &Call<'_, 'js>, number: f64) -> Result<Value<'js>> {
    let ctx = params.ctx();
    if params.this().as_object().and_then(Target::from_object).is_none() {
        return Err(Exception::throw_type(ctx, "illegal invocation: this is not a Performance"));
    }
    Ok(Value::new_float(ctx.clone(), number))
}
