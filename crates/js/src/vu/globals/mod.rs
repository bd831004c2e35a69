//! Globals that k6 adds and that need the VU: timers, `open`, `require`, `__ENV`, `__VU`, `__ITER`.

pub(crate) mod environment;
pub(crate) mod open;
pub(crate) mod require;
pub(crate) mod timers;
