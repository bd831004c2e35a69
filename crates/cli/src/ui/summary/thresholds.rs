//! The lines of thresholds, by metric.

use sockeye_metrics::{Aggregation, Metric, MetricKind, Summary, ThresholdResult};

use super::{
    Look,
    value::{per_second, value},
};
use crate::ui::{number, printable::printable, style::Role};

/// A block for each metric or sub-metric with a threshold, in the order of their names. The
/// sub-metrics of a metric that has thresholds of its own are indented below it.
pub(super) fn blocks(summary: &Summary, look: &Look) -> Vec<String> {
    let mut blocks = Vec::new();
    for metric in &summary.metrics {
        let of_metric = &metric.metric;
        let has_own = !metric.thresholds.is_empty();
        if has_own {
            blocks.push(block(&of_metric.name, &metric.thresholds, of_metric, INDENT, look));
        }
        for part in metric.submetrics.iter().filter(|part| !part.thresholds.is_empty()) {
            let block = if has_own {
                let name = format!("{{{}}}", part.suffix);
                block(&name, &part.thresholds, of_metric, INDENT + 2, look)
            } else {
                block(&part.name, &part.thresholds, of_metric, INDENT, look)
            };
            blocks.push(block);
        }
    }
    blocks
}

const INDENT: usize = 4;

fn block(
    name: &str,
    results: &[ThresholdResult],
    metric: &Metric,
    indent: usize,
    look: &Look,
) -> String {
    let style = look.style;
    let line = |result: &ThresholdResult| {
        let mark =
            if result.ok { style.paint(Role::Good, "✓") } else { style.paint(Role::Bad, "✗") };
        let source = style.paint(Role::Term, format!("'{}'", result.threshold.source));
        let aggregation = result.threshold.expression.aggregation;
        let label = style.paint(Role::Term, aggregation);
        let observed =
            style.paint(Role::Value, observed(result.observed, aggregation, metric, look));
        format!("{:indent$}{mark} {source} {label}={observed}\n", "")
    };
    let lines: String = results.iter().map(line).collect();
    format!("{:indent$}{}\n{lines}", "", printable(name))
}

fn observed(number: f64, aggregation: Aggregation, metric: &Metric, look: &Look) -> String {
    match (metric.kind, aggregation) {
        (MetricKind::Rate, _) => number::percent(number),
        (_, Aggregation::Rate) => per_second(metric.value, number, look),
        _ => value(metric.value, number, look),
    }
}
