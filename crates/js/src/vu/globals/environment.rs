//! `__ENV`, `__VU`, `__ITER` and `global`.

use rquickjs::{Ctx, Object};

use crate::vu::Host;

/// Sets the globals as init code sees them: there is no iteration yet.
pub(crate) fn install(ctx: &Ctx<'_>, host: &Host) -> rquickjs::Result<()> {
    let globals = ctx.globals();
    // k6: `global` is another name of `globalThis`.
    globals.set("global", globals.clone())?;
    globals.set("__VU", host.ids.in_instance as f64)?;
    set_env(ctx, host)
}

/// Makes `__ENV` anew: that of the process, then that of the scenario.
pub(crate) fn set_env(ctx: &Ctx<'_>, host: &Host) -> rquickjs::Result<()> {
    let env = Object::new(ctx.clone())?;
    for (key, value) in &host.process.env {
        env.set(key.as_str(), value.as_str())?;
    }
    if let Some(scenario) = &*host.scenario.borrow() {
        for (key, value) in &scenario.env {
            env.set(key.as_str(), value.as_str())?;
        }
    }
    ctx.globals().set("__ENV", env)
}

/// Sets `__ITER` for the iteration that begins.
pub(crate) fn set_iteration(ctx: &Ctx<'_>, number: u64) -> rquickjs::Result<()> {
    ctx.globals().set("__ITER", number as f64)
}
