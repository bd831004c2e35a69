//! The running aggregate of one time series, or of all series of a metric.

mod any;
mod counter;
mod gauge;
mod rate;

mod trend;

pub use any::Sink;
pub use counter::CounterSink;
pub use gauge::GaugeSink;
pub use rate::RateSink;
pub use trend::{TrendSink, TrendStat, UnknownTrendStat};
