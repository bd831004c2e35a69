//! What may be wrong with thresholds. Messages begin as k6's do, since tools look for them.

use std::ops::Range;

use crate::{MetricKind, SelectorError};

/// An expression that does not parse.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("failed parsing threshold expression {source_text:?}; reason: {kind}")]
pub struct ParseThresholdError {
    /// The expression as it was written.
    pub source_text: String,
    /// The bytes of it that are wrong; empty at the place where something is missing.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub kind: ParseThresholdErrorKind,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParseThresholdErrorKind {
    /// There is nothing.
    #[error("malformed threshold expression: it is empty")]
    Empty,
    /// No comparison is in it.
    #[error(
        "malformed threshold expression: an operator is missing, one of `<`, `<=`, `>`, `>=`, `==`, `===`, `!=`"
    )]
    NoOperator,
    /// Nothing is left of the operator.
    #[error(
        "an aggregation method is missing: one of avg, min, max, med, p(N), count, rate, value"
    )]
    NoAggregation,
    /// What is left of the operator is no method.
    #[error(
        "{0:?} is not an aggregation method: use avg, min, max, med, p(N), count, rate or value"
    )]
    Aggregation(String),
    /// What is between the parentheses of `p()` is no percentile.
    #[error("{0:?} is not a percentile: use a number from 0 to 100, without spaces")]
    Percentile(String),
    /// Nothing is right of the operator.
    #[error("a value to compare with is missing")]
    NoValue,
    /// What is right of the operator is no number.
    #[error("{0:?} is not a number; time values are in milliseconds, without a unit")]
    Value(String),
}

/// Thresholds that do not fit the metrics of the run.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ThresholdError {
    /// The name of a sub-metric does not parse.
    #[error(
        "unable to validate threshold expressions; reason: parsing metric name failed, {error}"
    )]
    Selector {
        /// What is wrong with it; a part of the message, so no cause of it.
        error: SelectorError,
    },
    /// No metric has the name.
    #[error("invalid threshold defined on {name}; reason: no metric name {name:?} found")]
    UnknownMetric {
        /// The name as it was written, with its tags.
        name: String,
        /// The part of it that should be a metric's name.
        metric: String,
    },
    /// The metric cannot be asked for that.
    #[error(transparent)]
    Aggregation(Box<AggregationError>),
}

/// A threshold that asks for a number that its metric does not have.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "invalid threshold {expression:?} applied on metric {name}; reason: unsupported aggregation \
     method {method} on metric of type {kind}. supported aggregation methods for this metric are: {}",
    supported.join(", ")
)]
pub struct AggregationError {
    /// The expression as it was written.
    pub expression: String,
    /// The metric or sub-metric as it was written.
    pub name: String,
    /// The method asked for.
    pub method: &'static str,
    /// The kind of the metric.
    pub kind: MetricKind,
    /// What it could be asked for.
    pub supported: &'static [&'static str],
}
