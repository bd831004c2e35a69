//! Pure functions of time: how many VUs at which moment, which iteration when. No clock, no
//! randomness.

mod arrivals;
mod held;
mod stages;

pub use arrivals::Arrivals;
pub(crate) use held::held_for;
pub(crate) use stages::vus_along;
pub use stages::{Stage, VuStep};
