//! Puts the native halves into a context.

use std::rc::Rc;

use rquickjs::{Ctx, Object, Result, Symbol, Value};

use super::{
    blob, clone, console, crypto, encoding,
    host::Host,
    opaque::{argument, native},
    performance, url,
};

/// Installs the native halves. Once per context, before the JavaScript halves run.
///
/// # Errors
/// When memory is out.
pub(crate) fn install(ctx: &Ctx<'_>, host: &Host) -> Result<()> {
    blob::install(ctx)?;
    clone::install(ctx)?;
    encoding::install(ctx)?;
    console::install(ctx, Rc::clone(&host.console))?;
    let natives = Object::new(ctx.clone())?;
    performance::install(&natives, host)?;
    crypto::install(&natives, host)?;
    url::install(&natives)?;
    let report = Rc::clone(&host.report_exception);
    natives.set(
        "reportException",
        native(ctx, "reportException", 1, move |params| {
            report(params.ctx(), argument(&params, 0))?;
            Ok(Value::new_undefined(params.ctx().clone()))
        })?,
    )?;
    ctx.globals().set(Symbol::new_global(ctx.clone(), "sockeye.native")?, natives)
}
