//! The same load from sockeye and from k6, in turn on the same core of the same machine: CPU time,
//! memory, and their ratios. Beside it, where the time goes, how executors keep their schedules, and
//! how many sockets a machine holds.

mod command;
mod report;
mod shape;

mod measure;
mod process;
mod raw;

mod latency;
mod search;

mod arrival;
mod profile;

mod counts;
mod reach;

pub use command::{USAGE, run};
pub use reach::{REACH_USAGE, reach};
