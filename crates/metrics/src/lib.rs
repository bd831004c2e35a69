//! What a run measured. No async, no JavaScript, no network: metrics, tags and samples on the way in,
//! sinks, thresholds and the summary on the way out.
//!
//! ```
//! use std::time::Duration;
//! use sockeye_metrics::{Aggregator, Breakdown, Registry, Sample, Sink, TagSet, Threshold,
//!     ThresholdSet, UnixNanos};
//!
//! let registry = Registry::new();
//! let promise = Threshold::parse("count>=2")?;
//! let thresholds = ThresholdSet::resolve(&registry, [("iterations{scenario:a}", vec![promise])])?;
//! let mut aggregator = Aggregator::new(registry.clone(), thresholds, Breakdown::Totals);
//!
//! let tags: TagSet = [("scenario", "a")].into_iter().collect();
//! let series = registry.series(registry.builtin().iterations, &tags);
//! aggregator.add(&[Sample { series, time: UnixNanos(0), value: 1.0 }; 3]);
//!
//! let summary = aggregator.summary(Duration::from_secs(1));
//! assert!(summary.crossed().is_empty());
//! let Sink::Counter(iterations) = &summary.metric("iterations").unwrap().sink else { panic!() };
//! assert_eq!(iterations.sum(), 3.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod aggregator;
mod buckets;
mod buffer;
mod builtin;
mod histogram;
mod metric;
mod output;
mod output_queue;
mod pipeline;
mod registry;
mod sample;
mod sink;
mod summarise;
mod summary;
mod system_tags;
mod tags;
mod threshold;
mod units;

pub use aggregator::{Aggregator, Breakdown};
pub use buffer::{SampleBuffer, SampleSender, sample_channel};
pub use builtin::Builtin;
pub use histogram::{EXACT, Histogram};
pub use metric::{Metric, MetricId, MetricKind, ValueKind};
pub use output::{Output, OutputError, OutputReport, RunInfo};
pub use pipeline::{
    Breach, LiveView, Pipeline, PipelineConfig, StartPipelineError, UnfinishedOutputs,
};
pub use registry::{RegisterError, Registry, Series};
pub use sample::{Sample, SampleBatch, SeriesId, UnixNanos};
pub use sink::{CounterSink, GaugeSink, RateSink, Sink, TrendSink, TrendStat, UnknownTrendStat};
pub use summary::{Check, Group, MetricSummary, Section, SubmetricSummary, Summary};
pub use system_tags::{SystemTag, SystemTags, UnknownSystemTag};
pub use tags::TagSet;
pub use threshold::{
    Aggregation, AggregationError, Evaluation, Expression, Operator, ParseThresholdError,
    ParseThresholdErrorKind, Selector, SelectorError, Submetric, Threshold, ThresholdError,
    ThresholdResult, ThresholdSet, Watched,
};
pub use units::{Bytes, Millis, PerSecond};
