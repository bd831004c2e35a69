//! What a metric is: a name, the kind of aggregate it keeps, and what its numbers mean.

use std::{fmt, sync::Arc};

/// The number of a metric within one [`Registry`](crate::Registry): its position of registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricId(pub(crate) u32);

impl MetricId {
    /// The position of registration, from 0: an index for tables that are kept per metric.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One metric as registered. Cloning shares the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its number in the registry that made it.
    pub id: MetricId,
    /// Its name, as scripts and thresholds write it.
    pub name: Arc<str>,
    /// The kind of aggregate.
    pub kind: MetricKind,
    /// What its values measure.
    pub value: ValueKind,
}

/// The four kinds of metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// A sum of all values.
    Counter,
    /// The last value, with the least and the greatest.
    Gauge,
    /// The share of values that are not zero.
    Rate,
    /// A distribution: minimum, maximum, average, quantiles.
    Trend,
}

impl MetricKind {
    /// k6: the word that its outputs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Rate => "rate",
            Self::Trend => "trend",
        }
    }
}

impl fmt::Display for MetricKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the values of a metric measure, which decides how they are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// A plain number.
    #[default]
    Default,
    /// Milliseconds.
    Time,
    /// Bytes.
    Data,
}

impl ValueKind {
    /// k6: the word that its outputs use under `contains`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Time => "time",
            Self::Data => "data",
        }
    }
}
