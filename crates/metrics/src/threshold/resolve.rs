//! Thresholds as the options have them, fitted to the metrics of the run.

use super::{Aggregation, AggregationError, Selector, Threshold, ThresholdError};
use crate::{Metric, Registry};

/// The thresholds of a run, each on a metric that exists and can be asked for it.
#[derive(Clone, Debug, Default)]
pub struct ThresholdSet {
    watched: Vec<Watched>,
}

/// A metric or sub-metric named by the thresholds. It is in the summary even without samples, and
/// may have no threshold at all: that is how one asks for a sub-metric to be shown.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The name, with tags.
    pub selector: Selector,
    /// The metric that it names.
    pub metric: Metric,
    /// What must hold.
    pub thresholds: Vec<Threshold>,
}

impl ThresholdSet {
    /// Fits thresholds to the metrics of `registry`, in the order given. To be called when the
    /// script's init code has made its metrics.
    ///
    /// # Errors
    /// The first [`ThresholdError`].
    pub fn resolve<'a>(
        registry: &Registry,
        thresholds: impl IntoIterator<Item = (&'a str, Vec<Threshold>)>,
    ) -> Result<Self, ThresholdError> {
        let watched = thresholds.into_iter().map(|(name, thresholds)| {
            let selector =
                Selector::parse(name).map_err(|error| ThresholdError::Selector { error })?;
            let Some(metric) = registry.find(&selector.metric) else {
                let metric = selector.metric;
                return Err(ThresholdError::UnknownMetric { name: name.to_owned(), metric });
            };
            let misfit =
                |threshold: &&Threshold| !threshold.expression.aggregation.applies_to(metric.kind);
            if let Some(threshold) = thresholds.iter().find(misfit) {
                return Err(ThresholdError::Aggregation(Box::new(AggregationError {
                    expression: threshold.source.clone(),
                    name: name.to_owned(),
                    method: threshold.expression.aggregation.method(),
                    kind: metric.kind,
                    supported: Aggregation::methods_of(metric.kind),
                })));
            }
            Ok(Watched { selector, metric, thresholds })
        });
        Ok(Self { watched: watched.collect::<Result<_, _>>()? })
    }

    /// The metrics and sub-metrics named, in the order given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Watched> {
        self.watched.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(name: &str, expression: &str) -> String {
        let thresholds = vec![Threshold::parse(expression).unwrap()];
        ThresholdSet::resolve(&Registry::new(), [(name, thresholds)]).unwrap_err().to_string()
    }

    #[test]
    fn misfits_have_k6s_words() {
        assert_eq!(
            error("zz{a:b}", "avg<1"),
            r#"invalid threshold defined on zz{a:b}; reason: no metric name "zz{a:b}" found"#
        );
        assert_eq!(
            error("checks{", "rate<1"),
            "unable to validate threshold expressions; reason: parsing metric name failed, \
             metric \"checks{\" has unmatched opening/close curly brace"
        );
        assert_eq!(
            error("iterations{a:b}", "p(90)>=0"),
            "invalid threshold \"p(90)>=0\" applied on metric iterations{a:b}; reason: unsupported \
             aggregation method p on metric of type counter. supported aggregation methods for this \
             metric are: count, rate"
        );
        assert!(error("vus", "max>1").ends_with("are: value"));
        assert!(error("checks", "count>1").ends_with("are: rate"));
        assert!(error("ws_ping", "count>1").ends_with("are: avg, min, max, med, p"));
    }
}
