//! Pure functions of time: how many VUs at which moment, which iteration when. No clock, no
//! randomness.

mod arrivals;
mod held;
mod stages;

pub use arrivals::Arrivals;
pub(crate) use held::held_for;
pub use stages::{Stage, VuStep};
pub(crate) use stages::{last_at_each_moment, vus_along};
