//! Thresholds: what a run promises about a metric or a part of it, and whether it kept its word.

mod error;
mod eval;
mod expression;
mod parse;
mod resolve;
mod selector;

pub use error::{AggregationError, ParseThresholdError, ParseThresholdErrorKind, ThresholdError};
pub use eval::{Evaluation, ThresholdResult};
pub use expression::{Aggregation, Expression, Operator, Threshold};
pub use resolve::{ThresholdSet, Watched};
pub use selector::{Selector, SelectorError, Submetric};
