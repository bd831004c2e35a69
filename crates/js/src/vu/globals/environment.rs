//! `__ENV`, `__VU`, `__ITER` and `global`.

use rquickjs::{Ctx, Object};

use crate::{runtime::late, vu::Host};

/// Sets the globals as init code sees them: there is no iteration yet.
pub(crate) fn install(ctx: &Ctx<'_>, host: &Host) -> rquickjs::Result<()> {
    let globals = ctx.globals();
    // k6: `global` is another name of `globalThis`.
    globals.set("global", globals.clone())?;
    globals.set("__VU", host.ids.in_instance as f64)
}

pub(super) fn make(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    late::publish(ctx, NAME, env(ctx, &*Host::of(ctx)?)?.into_value())
}

/// Makes `__ENV` anew for the scenario that begins, unless nobody has looked for it yet.
pub(crate) fn set_env(ctx: &Ctx<'_>, host: &Host) -> rquickjs::Result<()> {
    if !late::is_made(ctx, NAME)? && !late::has_own(&ctx.globals(), NAME)? {
        return Ok(());
    }
    ctx.globals().set(NAME, env(ctx, host)?)
}

const NAME: &str = "__ENV";

/// What the process has, then what the scenario has.
fn env<'js>(ctx: &Ctx<'js>, host: &Host) -> rquickjs::Result<Object<'js>> {
    let env = Object::new(ctx.clone())?;
    for (key, value) in &host.process.env {
        env.set(key.as_str(), value.as_str())?;
    }
    if let Some(scenario) = &*host.scenario.borrow() {
        for (key, value) in &scenario.env {
            env.set(key.as_str(), value.as_str())?;
        }
    }
    Ok(env)
}

/// Sets `__ITER` for the iteration that begins.
pub(crate) fn set_iteration(ctx: &Ctx<'_>, number: u64) -> rquickjs::Result<()> {
    ctx.globals().set("__ITER", number as f64)
}
