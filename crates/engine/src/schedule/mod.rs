//! Pure functions of time: how many VUs at which moment. No clock, no randomness.

mod held;
mod stages;

pub(crate) use held::held_for;
pub(crate) use stages::vus_along;
pub use stages::{Stage, VuStep};
