//! One file for each command, and what comes before: arguments, the screen, the log.

mod archive;
mod completion;
mod deps;
mod dispatch;
mod inspect;
mod load;
mod new;
mod run;
mod serve;
mod version;

pub(crate) use dispatch::main;
