//! What the globals need of whoever runs the script: clocks, log, randomness, and where unhandled errors go.

use std::{rc::Rc, time::Instant};

use rquickjs::{Ctx, Function, Result, Value};
use sockeye_engine::log::LogLevel;

use super::kind::Kinds;

/// The outside world as the globals see it. Cheap to clone; one for each VU.
#[derive(Clone)]
pub(crate) struct Host {
    /// `performance.now()` counts from here. The same for all VUs of a process, so that their times compare.
    pub(crate) performance_origin: Instant,
    /// What `structuredClone` tells objects apart by.
    pub(crate) kinds: Kinds,
    /// The most that all blobs together may hold.
    pub(crate) blob_bytes: usize,
    /// Takes each line of `console`.
    pub(crate) console: Rc<dyn Fn(LogLevel, String)>,
    /// Fills the slice with cryptographic randomness: `getrandom::fill`, unless a run is to be repeatable.
    pub(crate) random: fn(&mut [u8]) -> std::result::Result<(), getrandom::Error>,
    /// Does work that takes long on another thread, and settles the promise of these functions (resolve, reject).
    pub(crate) offload: Offload,
    /// Takes an exception that an event listener threw. `Ok` goes on with the other listeners, as the DOM standard
    /// has it; an error is thrown through the dispatch, so an uncatchable one ends the script's turn there.
    pub(crate) report_exception: ReportException,
}

/// See [`Host::offload`].
pub(crate) type Offload =
    Rc<dyn for<'js> Fn(&Ctx<'js>, Work, Function<'js>, Function<'js>) -> Result<()>>;

/// What is done on the other thread; it returns what is to be done back on this one.
pub(crate) type Work = Box<dyn FnOnce() -> Finish + Send>;

/// Calls one of the functions of [`Offload`].
pub(crate) type Finish =
    Box<dyn for<'js> FnOnce(&Ctx<'js>, Function<'js>, Function<'js>) -> Result<()> + Send>;

/// See [`Host::report_exception`].
pub(crate) type ReportException = Rc<dyn for<'js> Fn(&Ctx<'js>, Value<'js>) -> Result<()>>;
