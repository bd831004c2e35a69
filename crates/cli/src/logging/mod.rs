//! Where log records go, and in which form.

mod format;
mod redacted;
mod sink;

pub(crate) use format::LogFormat;
pub(crate) use sink::{LogTarget, Logger, LoggerConfig};
