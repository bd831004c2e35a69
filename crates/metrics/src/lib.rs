//! What a run measured. No async, no JavaScript, no network: metrics, tags and samples on the way in,
//! sinks, thresholds and the summary on the way out.
#![forbid(unsafe_code)]

mod buckets;
mod buffer;
mod builtin;
mod histogram;
mod metric;
mod registry;
mod sample;
mod sink;
mod system_tags;
mod tags;
mod threshold;
mod units;

pub use buffer::{SampleBuffer, SampleSender, sample_channel};
pub use builtin::Builtin;
pub use histogram::{EXACT, Histogram};
pub use metric::{Metric, MetricId, MetricKind, ValueKind};
pub use registry::{RegisterError, Registry, Series};
pub use sample::{Sample, SampleBatch, SeriesId, UnixNanos};
pub use sink::{CounterSink, GaugeSink, RateSink, Sink, TrendSink, TrendStat, UnknownTrendStat};
pub use system_tags::{SystemTag, SystemTags, UnknownSystemTag};
pub use tags::TagSet;
pub use threshold::{
    Aggregation, AggregationError, Evaluation, Expression, Operator, ParseThresholdError,
    ParseThresholdErrorKind, Selector, SelectorError, Submetric, Threshold, ThresholdError,
    ThresholdResult, ThresholdSet, Watched,
};
pub use units::{Bytes, Millis, PerSecond};
