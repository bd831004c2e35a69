//! Puts the native halves into a context.

use std::rc::Rc;

use rquickjs::{Atom, Ctx, Result};

use super::{
    LAZY_MODULES, abort, blob, blob_memory, clone, console, crypto, encoding, event,
    event_class::Dispatcher,
    event_target,
    host::Host,
    lazy,
    performance::{self, Clock},
};
use crate::runtime::realm;

/// Installs the native halves. Once per context, before any script runs.
///
/// # Errors
/// When memory is out.
pub(crate) fn install(ctx: &Ctx<'_>, host: &Host) -> Result<()> {
    let clock = Clock::new(host.performance_origin);
    let events = event::install(ctx, clock)?;
    let target = event_target::install(ctx)?;
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
    blob::install(ctx)?;
    clone::install(ctx, host.kinds)?;
    encoding::install(ctx)?;
    crypto::install(ctx, host)?;
    console::install(ctx, Rc::clone(&host.console))?;
    let events = [
        ("CloseEvent", events.close.into_constructor()),
        ("ErrorEvent", events.error.into_constructor()),
        ("Event", events.event.into_constructor()),
        ("EventTarget", target.into_constructor()),
        ("MessageEvent", events.message.into_constructor()),
    ];
    lazy::install(ctx, host, events)?;
    lazy::define(ctx, LAZY_MODULES)
}
