//! `k6/timers`: the global timer functions as a module.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-timers/>

use rquickjs::{Ctx, Object, Value};

use super::native::NativeModule;
use crate::vu::globals::timers::NAMES;

pub(super) struct Timers;

impl NativeModule for Timers {
    const EXPORTS: &'static [&'static str] = &NAMES;

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        for name in NAMES {
            let function: Value<'js> = ctx.globals().get(name)?;
            exports.set(name, function)?;
        }
        Ok(())
    }
}
