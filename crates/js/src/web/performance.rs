//! The clock behind `performance` and event times: High Resolution Time §4, monotonic, in microseconds.

use std::time::{Instant, SystemTime};

use rquickjs::{Ctx, Object, Result, Value};

use super::{host::Host, opaque::native};

/// Milliseconds of `performance.now()` at `at`, to the microsecond.
pub(crate) fn milliseconds(origin: Instant, at: Instant) -> f64 {
    at.saturating_duration_since(origin).as_micros() as f64 / 1e3
}

pub(super) fn install(natives: &Object<'_>, host: &Host) -> Result<()> {
    let ctx: &Ctx<'_> = natives.ctx();
    let origin = host.performance_origin;
    let now = native(ctx, "now", 0, move |params| {
        Ok(Value::new_float(params.ctx().clone(), milliseconds(origin, Instant::now())))
    })?;
    natives.set("now", now)?;
    // The wall clock at the origin, as far as it has not been set since.
    let epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let time_origin = epoch.saturating_sub(origin.elapsed()).as_micros() as f64 / 1e3;
    natives.set("timeOrigin", time_origin)
}
