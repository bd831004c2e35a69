//! `--summary-export`: the end of a run as one JSON object, in k6's shape. k6's order of keys is
//! random; ours is that of the names.

use std::io;

use serde::Serialize;
use serde_json::{Map, Value, json};
use sockeye_metrics::{
    Check, Group, MetricSummary, Sink, SubmetricSummary, Summary, ThresholdResult, TrendStat,
};

use super::values::{group_id, sink_values};

/// Writes the summary. `trend_stats` are the statistics shown of each Trend, with the words that
/// the options have for them.
///
/// # Errors
/// What `out` fails with.
pub fn write_summary_export(
    summary: &Summary,
    trend_stats: &[(String, TrendStat)],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
    document(summary, trend_stats).serialize(&mut serializer)?;
    Ok(())
}

fn document(summary: &Summary, trend_stats: &[(String, TrendStat)]) -> Value {
    let mut metrics = Map::new();
    let values = |sink: &Sink, thresholds: &[ThresholdResult]| {
        let mut object = exported_values(sink, summary, trend_stats);
        if !thresholds.is_empty() {
            // k6: true means that the threshold was crossed.
            let crossed = thresholds.iter().map(|t| (t.threshold.source.clone(), (!t.ok).into()));
            object.insert("thresholds".to_owned(), Value::Object(crossed.collect()));
        }
        Value::Object(object)
    };
    for MetricSummary { metric, sink, thresholds, submetrics } in &summary.metrics {
        metrics.insert(metric.name.to_string(), values(sink, thresholds));
        for SubmetricSummary { name, sink, thresholds, .. } in submetrics {
            metrics.insert(name.clone(), values(sink, thresholds));
        }
    }
    json!({ "metrics": metrics, "root_group": group(&summary.root_group) })
}

/// k6: the rate of a Rate is its `value` here, and the first of its values.
fn exported_values(
    sink: &Sink,
    summary: &Summary,
    trend_stats: &[(String, TrendStat)],
) -> Map<String, Value> {
    let values = sink_values(sink, summary.run_duration, trend_stats);
    let is_rate = matches!(sink, Sink::Rate(_));
    let renamed = |key: String| if is_rate && key == "rate" { "value".to_owned() } else { key };
    values.into_iter().map(|(key, value)| (renamed(key), value)).collect()
}

fn group(group: &Group) -> Value {
    let groups = group.groups.iter().map(|inner| (inner.name.clone(), self::group(inner)));
    let checks = group.checks.iter().map(|inner| (inner.name.clone(), check(inner)));
    json!({
        "name": group.name,
        "path": group.path,
        "id": group_id(&group.path),
        "groups": groups.collect::<Map<_, _>>(),
        "checks": checks.collect::<Map<_, _>>(),
    })
}

fn check(check: &Check) -> Value {
    json!({
        "name": check.name,
        "path": check.path,
        "id": group_id(&check.path),
        "passes": check.passes,
        "fails": check.fails,
    })
}
