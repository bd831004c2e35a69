//! What `handleSummary(data)` is given: the shape that published scripts read.

use serde_json::{Map, Value, json};
use sockeye_metrics::{
    Check, Group, Metric, MetricSummary, Sink, SubmetricSummary, Summary, ThresholdResult,
    TrendStat,
};

use super::values::{group_id, number, sink_values};

/// The summary as `handleSummary` sees it, without `options`, `state` and `setup_data`, which are of
/// the program around it. `trend_stats` are the statistics told of each Trend, with the words that
/// the options have for them.
pub fn summary_data(summary: &Summary, trend_stats: &[(String, TrendStat)]) -> Map<String, Value> {
    let mut metrics = Map::new();
    let entry = |metric: &Metric, sink: &Sink, thresholds: &[ThresholdResult]| {
        let mut object = json!({
            "type": metric.kind.as_str(),
            "contains": metric.value.as_str(),
            "values": sink_values(sink, summary.run_duration, trend_stats),
        });
        if !thresholds.is_empty() {
            let results = thresholds
                .iter()
                .map(|result| (result.threshold.source.clone(), json!({ "ok": result.ok })));
            object["thresholds"] = Value::Object(results.collect());
        }
        object
    };
    for MetricSummary { metric, sink, thresholds, submetrics } in &summary.metrics {
        metrics.insert(metric.name.to_string(), entry(metric, sink, thresholds));
        for SubmetricSummary { name, sink, thresholds, .. } in submetrics {
            metrics.insert(name.clone(), entry(metric, sink, thresholds));
        }
    }
    let mut data = Map::new();
    data.insert("metrics".to_owned(), Value::Object(metrics));
    data.insert("root_group".to_owned(), group(&summary.root_group));
    data
}

fn group(group: &Group) -> Value {
    json!({
        "name": group.name,
        "path": group.path,
        "id": group_id(&group.path),
        "groups": group.groups.iter().map(self::group).collect::<Vec<_>>(),
        "checks": group.checks.iter().map(check).collect::<Vec<_>>(),
    })
}

fn check(check: &Check) -> Value {
    json!({
        "name": check.name,
        "path": check.path,
        "id": group_id(&check.path),
        "passes": number(check.passes as f64),
        "fails": number(check.fails as f64),
    })
}
