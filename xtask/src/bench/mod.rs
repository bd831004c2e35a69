//! The same load from sockeye and from k6, in turn on the same core of the same machine: CPU time,
//! memory, and their ratios.

mod arrival;
mod command;
mod latency;
mod measure;
mod reach;
mod report;
mod shape;

pub use command::{USAGE, run};
pub use reach::{REACH_USAGE, reach};
