//! Puts the native halves into a context.

use std::{cell::OnceCell, rc::Rc};

use rquickjs::{Atom, Ctx, Result};

use super::{
    LATE, blob_memory,
    event_class::{Dispatcher, EventKind},
    host::Host,
    lazy,
    performance::Clock,
};
use crate::runtime::{late, realm};

/// Installs the native halves. Once per context, before any script runs.
///
/// # Errors
/// When memory is out.
pub(crate) fn install(ctx: &Ctx<'_>, host: &Host) -> Result<()> {
    let kinds = EventKind::ALL.iter().map(|kind| Atom::from_str(ctx.clone(), kind.name()));
    let kinds = kinds.collect::<Result<_>>()?;
    let dispatcher = Dispatcher {
        event: OnceCell::new(),
        message: OnceCell::new(),
        close: OnceCell::new(),
        kinds,
        report: Rc::clone(&host.report_exception),
    };
    realm::keep(ctx, dispatcher)?;
    blob_memory::install(ctx, host.blob_bytes)?;
    lazy::install(ctx, host, Clock::new(host.performance_origin))?;
    late::add(ctx, LATE)
}
