//! Execution segments: which part of a test this process runs. A test is cut into stripes, so that
//! its parts together are the whole at every moment.

mod ratio;
mod stripe;
mod written;

pub(crate) use stripe::Stripe;
pub use written::{Segment, SegmentError, SegmentSequence};
