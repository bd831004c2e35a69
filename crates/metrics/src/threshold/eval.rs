//! A threshold and a sink to pass or fail.

use std::time::Duration;

use super::{Aggregation, Expression, Threshold};
use crate::Sink;

/// What a threshold came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdResult {
    /// The threshold.
    pub threshold: Threshold,
    /// Whether it held.
    pub ok: bool,
    /// The number that was compared, in the unit of the metric.
    pub observed: f64,
}

/// What all thresholds came to at some moment of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// The metrics and sub-metrics with a threshold that does not hold, sorted.
    pub crossed: Vec<String>,
    /// Whether one of them ends the run.
    pub abort: bool,
}

impl Aggregation {
    /// The number asked for. Without values it is 0; what a sink does not have, which
    /// [`ThresholdSet::resolve`](super::ThresholdSet::resolve) rules out, is 0 too.
    pub fn of(self, sink: &Sink, elapsed: Duration) -> f64 {
        match (self, sink) {
            (Self::Count, Sink::Counter(counter)) => counter.sum(),
            (Self::Rate, Sink::Counter(counter)) => counter.rate(elapsed).value(),
            (Self::Rate, Sink::Rate(rate)) => rate.rate(),
            (Self::Value, Sink::Gauge(gauge)) => gauge.value(),
            (Self::Avg, Sink::Trend(trend)) => trend.avg(),
            (Self::Min, Sink::Trend(trend)) => trend.min(),
            (Self::Max, Sink::Trend(trend)) => trend.max(),
            (Self::Med, Sink::Trend(trend)) => trend.med(),
            (Self::Percentile(p), Sink::Trend(trend)) => trend.percentile(p),
            _ => 0.0,
        }
    }
}

impl Threshold {
    /// Compares with what `sink` has after `elapsed`.
    pub fn evaluate(&self, sink: &Sink, elapsed: Duration) -> ThresholdResult {
        let Expression { aggregation, operator, value } = self.expression;
        let observed = aggregation.of(sink, elapsed);
        // k6: a Rate without values has no rate, and a threshold on it holds.
        let vacuous = matches!(sink, Sink::Rate(rate) if rate.total() == 0);
        let ok = vacuous || operator.holds(observed, value);
        ThresholdResult { threshold: self.clone(), ok, observed }
    }

    /// Whether crossing it after `elapsed` ends the run.
    pub fn aborts_at(&self, elapsed: Duration) -> bool {
        self.abort_on_fail && elapsed >= self.delay_abort_eval.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MetricKind, UnixNanos};

    const ELAPSED: Duration = Duration::from_secs(2);

    fn check(kind: MetricKind, values: &[f64], source: &str, ok: bool, observed: f64) {
        let mut sink = Sink::new(kind);
        for &value in values {
            sink.add(value, UnixNanos(0));
        }
        let result = Threshold::parse(source).unwrap().evaluate(&sink, ELAPSED);
        assert_eq!((result.ok, result.observed), (ok, observed), "{source}");
    }

    #[test]
    fn each_aggregation_of_each_kind() {
        check(MetricKind::Counter, &[2.0, 4.0], "count==6", true, 6.0);
        check(MetricKind::Counter, &[2.0, 4.0], "rate>3", false, 3.0);
        check(MetricKind::Gauge, &[2.0, 4.0], "value!=4", false, 4.0);
        check(MetricKind::Rate, &[0.0, 1.0, 1.0, 0.0], "rate>=0.5", true, 0.5);
        for (source, observed) in
            [("avg>0", 2.0), ("min>0", 1.0), ("max>0", 4.0), ("med>0", 1.0), ("p(100)>0", 4.0)]
        {
            check(MetricKind::Trend, &[4.0, 1.0, 1.0], source, true, observed);
        }
    }

    #[test]
    fn without_values() {
        check(MetricKind::Rate, &[], "rate>5", true, 0.0);
        check(MetricKind::Counter, &[], "count>5", false, 0.0);
        check(MetricKind::Gauge, &[], "value>5", false, 0.0);
        check(MetricKind::Trend, &[], "p(95)>5", false, 0.0);
        check(MetricKind::Trend, &[f64::NAN], "p(95)<5", true, 0.0);
    }

    #[test]
    fn a_delay_holds_the_abort_back() {
        let mut threshold = Threshold::parse("rate>1").unwrap();
        assert!(!threshold.aborts_at(ELAPSED));
        threshold.abort_on_fail = true;
        assert!(threshold.aborts_at(Duration::ZERO));
        threshold.delay_abort_eval = Some(ELAPSED);
        assert!(!threshold.aborts_at(Duration::from_millis(1999)));
        assert!(threshold.aborts_at(ELAPSED));
    }
}
