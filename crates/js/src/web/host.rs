//! What the globals need of whoever runs the script: clocks, log, randomness, and where unhandled errors go.

use std::{rc::Rc, time::Instant};

use rquickjs::{Ctx, Result, Value};
use sockeye_engine::log::LogLevel;

/// The outside world as the globals see it. Cheap to clone; one for each VU.
#[derive(Clone)]
pub(crate) struct Host {
    /// `performance.now()` counts from here. The same for all VUs of a process, so that their times compare.
    pub(crate) performance_origin: Instant,
    /// The most that all blobs together may hold.
    pub(crate) blob_bytes: usize,
    /// Takes each line of `console`.
    pub(crate) console: Rc<dyn Fn(LogLevel, String)>,
    /// Fills the slice with cryptographic randomness: `getrandom::fill`, unless a run is to be repeatable.
    pub(crate) random: fn(&mut [u8]) -> std::result::Result<(), getrandom::Error>,
    /// Takes an exception that an event listener threw. `Ok` goes on with the other listeners, as the DOM standard
    /// has it; an error is thrown through the dispatch, so an uncatchable one ends the script's turn there.
    pub(crate) report_exception: ReportException,
}

/// See [`Host::report_exception`].
pub(crate) type ReportException = Rc<dyn for<'js> Fn(&Ctx<'js>, Value<'js>) -> Result<()>>;
