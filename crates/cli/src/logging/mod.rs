//! Where log records go, and in which form.

mod format;
mod loki;
mod redacted;
mod sink;
mod target;

pub(crate) use format::LogFormat;
pub(crate) use loki::DialLoki;
pub(crate) use sink::{Logger, LoggerConfig};
pub(crate) use target::LogTarget;
