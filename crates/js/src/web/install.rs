//! Puts the native halves into a context.

use std::rc::Rc;

use rquickjs::{Atom, Ctx, Result};

use super::{
    LAZY_MODULES, abort, blob, blob_memory, clone, console, crypto, encoding, event,
    event_class::{Dispatcher, EventKind},
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
    let kinds = EventKind::ALL.iter().map(|kind| Atom::from_str(ctx.clone(), kind.name()));
    let kinds = kinds.collect::<Result<_>>()?;
    let dispatcher = Dispatcher {
        event: events.event.prototype().clone(),
        message: events.message.prototype().clone(),
        close: events.close.prototype().clone(),
        signal: signal.prototype().clone(),
        kinds,
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
    lazy::install(ctx, host)?;
    lazy::define(ctx, LAZY_MODULES)
}
