//! One type for the four kinds of sink.

use crate::{CounterSink, GaugeSink, MetricKind, RateSink, TrendSink, UnixNanos};

/// The aggregate of a metric of some kind.
#[derive(Clone, Debug)]
pub enum Sink {
    /// A sum.
    Counter(CounterSink),
    /// The last value.
    Gauge(GaugeSink),
    /// A share.
    Rate(RateSink),
    /// A distribution.
    Trend(TrendSink),
}

impl Sink {
    /// An empty sink for metrics of `kind`.
    pub fn new(kind: MetricKind) -> Self {
        match kind {
            MetricKind::Counter => Self::Counter(CounterSink::default()),
            MetricKind::Gauge => Self::Gauge(GaugeSink::default()),
            MetricKind::Rate => Self::Rate(RateSink::default()),
            MetricKind::Trend => Self::Trend(TrendSink::default()),
        }
    }

    /// Adds a value measured at `time`. NaN is no value and is ignored.
    pub fn add(&mut self, value: f64, time: UnixNanos) {
        if value.is_nan() {
            return;
        }
        match self {
            Self::Counter(sink) => sink.add(value),
            Self::Gauge(sink) => sink.add(value, time),
            Self::Rate(sink) => sink.add(value),
            Self::Trend(sink) => sink.add(value),
        }
    }

    /// Whether no value was added yet.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Counter(sink) => sink.is_empty(),
            Self::Gauge(sink) => sink.is_empty(),
            Self::Rate(sink) => sink.total() == 0,
            Self::Trend(sink) => sink.count() == 0,
        }
    }
}
