//! What a threshold says, once it is parsed.

use std::{fmt, time::Duration};

use crate::MetricKind;

/// One threshold on some metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The expression as it was written.
    pub source: String,
    /// What it means.
    pub expression: Expression,
    /// Whether the run ends when it is crossed.
    pub abort_on_fail: bool,
    /// How long after the start of the run it may first end it.
    pub delay_abort_eval: Option<Duration>,
}

/// `aggregation operator value`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expression {
    /// What is asked of the metric.
    pub aggregation: Aggregation,
    /// How it is compared.
    pub operator: Operator,
    /// With what, in the unit of the metric.
    pub value: f64,
}

/// The number that a threshold looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aggregation {
    /// The mean of a Trend.
    Avg,
    /// The least value of a Trend.
    Min,
    /// The greatest value of a Trend.
    Max,
    /// The median of a Trend.
    Med,
    /// A percentile of a Trend, from 0 to 100.
    Percentile(f64),
    /// The sum of a Counter.
    Count,
    /// A Counter per second, or the share of a Rate.
    Rate,
    /// The last value of a Gauge.
    Value,
}

impl Aggregation {
    /// k6: the word for it in messages; a percentile's is `p`.
    pub fn method(self) -> &'static str {
        match self {
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Med => "med",
            Self::Percentile(_) => "p",
            Self::Count => "count",
            Self::Rate => "rate",
            Self::Value => "value",
        }
    }

    /// The words for what a metric of `kind` can be asked.
    pub fn methods_of(kind: MetricKind) -> &'static [&'static str] {
        match kind {
            MetricKind::Counter => &["count", "rate"],
            MetricKind::Gauge => &["value"],
            MetricKind::Rate => &["rate"],
            MetricKind::Trend => &["avg", "min", "max", "med", "p"],
        }
    }

    /// Whether a metric of `kind` can be asked for it.
    pub fn applies_to(self, kind: MetricKind) -> bool {
        Self::methods_of(kind).contains(&self.method())
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percentile(p) => write!(f, "p({p})"),
            other => f.write_str(other.method()),
        }
    }
}

/// How a threshold compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==` and `===`
    Equal,
    /// `!=`
    NotEqual,
}

impl Operator {
    /// Whether `left operator right` holds.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }
}
