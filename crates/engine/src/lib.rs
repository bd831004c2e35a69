//! When and how often: options become a plan, the plan drives VUs, the run becomes events. Knows
//! VUs only as a trait; tested with a fake VU on a paused clock.
#![forbid(unsafe_code)]

pub mod log;
mod status;
pub mod vu;

pub use status::RunStatus;
