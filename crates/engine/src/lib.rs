//! When and how often: options become a plan, the plan drives VUs, the run becomes events. Knows
//! VUs only as a trait; tested with a fake VU on a paused clock.
#![forbid(unsafe_code)]

mod control;
mod error;
mod event;
pub mod executor;
mod gauges;
mod graceful;
pub mod log;
pub mod options;
mod plan;
mod pool;
pub mod progress;
mod scenario;
mod schedule;
mod scheduler;
mod segment;
mod status;
mod unplanned;
pub mod vu;

pub use control::{ControlHandle, StopReason};
pub use error::{AbortReason, Outcome, RunEnd, RunError};
pub use event::{EventReceiver, EventSender, RunEvent, event_channel};
pub use gauges::WallClock;
pub use plan::Plan;
pub use scenario::{Scenario, ScenarioLayer, StageLayer};
pub use schedule::{Arrivals, Stage, VuStep};
pub use scheduler::{RunConfig, Scheduler};
pub use segment::{Segment, SegmentError, SegmentSequence};
pub use status::RunStatus;
