//! One measured value, small enough to be copied: its series by number, its time, the value.

/// The number of a time series (a metric with one set of tags) within one
/// [`Registry`](crate::Registry).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeriesId(pub(crate) u32);

impl SeriesId {
    /// The position of first use, from 0: an index for tables that are kept per series.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A moment on the wall clock: nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixNanos(pub i64);

/// One measured value. Time metrics are in milliseconds, data metrics in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Metric and tags.
    pub series: SeriesId,
    /// When it was measured, taken where the bytes or the iteration ended.
    pub time: UnixNanos,
    /// The value, in the unit of the metric.
    pub value: f64,
}

/// Samples handed over together, in the order they were taken on one worker.
pub type SampleBatch = Vec<Sample>;
