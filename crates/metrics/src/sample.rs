//! One measured value, small enough to be copied: its series by number, its time, the value.

use std::ops::Deref;

use crate::TagSet;

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

/// Samples handed over together, in the order they were taken on one worker. What is said of one
/// sample only, its metadata, stands beside them: samples without it need no room for it.
#[derive(Clone, Debug, Default)]
pub struct SampleBatch {
    samples: Vec<Sample>,
    /// By rising positions in `samples`.
    metadata: Vec<(u32, TagSet)>,
}

impl SampleBatch {
    /// An empty batch with room for so many samples.
    pub fn with_capacity(samples: usize) -> Self {
        Self { samples: Vec::with_capacity(samples), metadata: Vec::new() }
    }

    /// Adds a sample, with its metadata if it has any.
    pub fn push(&mut self, sample: Sample, metadata: Option<&TagSet>) {
        if let Some(metadata) = metadata {
            let at = u32::try_from(self.samples.len()).expect("a batch is small");
            self.metadata.push((at, metadata.clone()));
        }
        self.samples.push(sample);
    }

    /// The samples, each with its metadata.
    pub fn with_metadata(&self) -> impl Iterator<Item = (&Sample, Option<&TagSet>)> {
        let mut metadata = self.metadata.iter().peekable();
        self.samples.iter().enumerate().map(move |(at, sample)| {
            let own = metadata.next_if(|(of, _)| *of as usize == at);
            (sample, own.map(|(_, metadata)| metadata))
        })
    }
}

impl Deref for SampleBatch {
    type Target = [Sample];

    fn deref(&self) -> &[Sample] {
        &self.samples
    }
}

impl From<Vec<Sample>> for SampleBatch {
    fn from(samples: Vec<Sample>) -> Self {
        Self { samples, metadata: Vec::new() }
    }
}

impl IntoIterator for SampleBatch {
    type Item = Sample;
    type IntoIter = std::vec::IntoIter<Sample>;

    fn into_iter(self) -> Self::IntoIter {
        self.samples.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_stays_with_its_sample() {
        let sample = |value| Sample { series: SeriesId(0), time: UnixNanos(0), value };
        let trace: TagSet = [("trace", "a")].into_iter().collect();
        let mut batch = SampleBatch::default();
        batch.push(sample(0.0), None);
        batch.push(sample(1.0), Some(&trace));
        batch.push(sample(2.0), None);
        let got: Vec<_> = batch.with_metadata().map(|(s, m)| (s.value, m.is_some())).collect();
        assert_eq!(got, [(0.0, false), (1.0, true), (2.0, false)]);
        assert_eq!(batch.len(), 3);
    }
}
