//! Globals that k6 adds and that need the VU: timers, `open`, `require`, `__ENV`, `__VU`, `__ITER`.

pub(crate) mod environment;
mod open;
mod prepare;
pub(crate) mod random;
pub(crate) mod require;
pub(crate) mod timers;

pub(crate) use prepare::{prepare, words};

use crate::runtime::late::Late;

/// Those that are made when a script first looks for them. Who iterates is told by `__VU` and `__ITER` from the
/// beginning.
pub(crate) const LATE: &[Late] = &[
    Late::native(&["setTimeout"], timers::make_set_timeout),
    Late::native(&["clearTimeout"], |ctx| timers::make_clear(ctx, "clearTimeout")),
    Late::native(&["setInterval"], timers::make_set_interval),
    Late::native(&["clearInterval"], |ctx| timers::make_clear(ctx, "clearInterval")),
    Late::native(&["setImmediate"], timers::make_set_immediate),
    Late::native(&["clearImmediate"], |ctx| timers::make_clear(ctx, "clearImmediate")),
    Late::native(&["open"], open::make),
    Late::native(&["require"], require::make),
    Late::native(&["__ENV"], environment::make),
];
