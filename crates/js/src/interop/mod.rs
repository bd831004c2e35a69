//! The few helpers for talking to QuickJS.

pub(crate) mod bytes;
mod convert;
mod hidden;

pub(crate) use convert::{delay, display};
pub(crate) use hidden::hidden;
