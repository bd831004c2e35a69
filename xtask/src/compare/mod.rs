//! The same scripts on k6 and on sockeye: what they print, count and exit with must agree. k6's side
//! can be recorded, so that the program is needed only to record.

mod command;
mod facts;
mod normalise;
mod program;
mod recording;
mod report;
mod script;

pub use command::{USAGE, run};
pub use script::{Aspect, Order, Script, all as scripts};
