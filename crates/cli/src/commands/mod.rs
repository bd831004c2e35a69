//! One file for each command, and what comes before: arguments, the screen, the log.

pub(crate) mod dispatch;
pub(crate) mod serve;
pub(crate) mod version;

pub(crate) use dispatch::main;
