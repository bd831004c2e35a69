//! When and how often: options become a plan, the plan drives VUs, the run becomes events. Knows
//! VUs only as a trait; tested with a fake VU on a paused clock.
#![forbid(unsafe_code)]

#[allow(dead_code, reason = "used by the scheduler, which comes next")]
mod control;
mod error;
mod event;
pub mod executor;
pub mod log;
pub mod options;
mod plan;
#[allow(dead_code, reason = "used by the scheduler, which comes next")]
pub mod progress;
mod scenario;
mod schedule;
mod status;
pub mod vu;

pub use control::{ControlHandle, StopReason};
pub use error::{AbortReason, Outcome, RunEnd, RunError};
pub use event::{EventReceiver, EventSender, RunEvent, event_channel};
pub use plan::Plan;
pub use scenario::{Scenario, ScenarioLayer, StageLayer};
pub use schedule::{Stage, VuStep};
pub use status::RunStatus;
