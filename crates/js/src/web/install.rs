//! Puts the native halves into a context.

use std::rc::Rc;

use rquickjs::{Atom, Ctx, Object, Result, Symbol};

use super::{
    LAZY_MODULES, abort, blob, blob_memory, clone, console, crypto, encoding, event,
    event_class::Dispatcher,
    event_target,
    host::Host,
    idl, lazy,
    performance::{self, Clock},
    url,
};
use crate::runtime::realm;

/// Installs the native halves. Once per context, before the JavaScript halves run.
///
/// # Errors
/// When memory is out.
pub(crate) fn install(ctx: &Ctx<'_>, host: &Host) -> Result<()> {
    let natives = Object::new(ctx.clone())?;
    let clock = Clock::new(host.performance_origin);
    let events = event::install(ctx, clock)?;
    let target = event_target::install(&natives)?;
    let signal = abort::install(ctx, &target, clock)?;
    let dispatcher = Dispatcher {
        event: events.event.prototype().clone(),
        message: events.message.prototype().clone(),
        close: events.close.prototype().clone(),
        error: events.error.prototype().clone(),
        signal: signal.prototype().clone(),
        message_kind: Atom::from_str(ctx.clone(), "message")?,
        report: Rc::clone(&host.report_exception),
    };
    realm::keep(ctx, dispatcher)?;
    performance::install(ctx, &target, clock)?;
    blob_memory::install(ctx, host.blob_bytes)?;
    blob::install(ctx, &natives)?;
    clone::install(ctx)?;
    encoding::install(ctx)?;
    crypto::install(ctx, host)?;
    crypto::install_operations(&natives, host)?;
    console::install(ctx, Rc::clone(&host.console))?;
    url::install(&natives)?;
    lazy::install(ctx, &natives)?;
    lazy::define(ctx, LAZY_MODULES)?;
    idl::install(&natives)?;
    ctx.globals().set(Symbol::new_global(ctx.clone(), "sockeye.native")?, natives)
}
