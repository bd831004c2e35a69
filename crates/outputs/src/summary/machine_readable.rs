//! The machine-readable summary of k6 2.x, version 1.0.0 of its published schema.

use serde_json::{Map, Value, json};
use sockeye_metrics::{Metric, Sink, Summary, TrendStat};

use super::values::{number, sink_values};

/// What the machine-readable summary says of the run beside its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDescription {
    /// The script as it was named.
    pub script: String,
    /// Now, as RFC 3339 has it.
    pub generated_at: String,
    /// The program's version.
    pub version: String,
    /// Whether nothing is wrong: no crossed threshold, no failed run.
    pub passed: bool,
}

/// The summary in the machine-readable form: the same for `handleSummary` and `--summary-export`.
pub fn machine_readable_summary(
    summary: &Summary,
    trend_stats: &[(String, TrendStat)],
    run: &RunDescription,
) -> Map<String, Value> {
    let metric = |metric: &Metric, name: &str, sink: &Sink| {
        json!({
            "name": name,
            "type": metric.kind.as_str(),
            "contains": metric.value.as_str(),
            "values": values(sink, summary, trend_stats),
        })
    };
    let mut metrics = Vec::new();
    for one in &summary.metrics {
        metrics.push(metric(&one.metric, &one.metric.name, &one.sink));
        let parts = one.submetrics.iter();
        metrics.extend(parts.map(|part| metric(&one.metric, &part.name, &part.sink)));
    }
    let mut results = json!({ "passed": run.passed, "metrics": metrics });
    if !summary.checks.is_empty() {
        results["checks"] = checks(summary);
    }
    let document = json!({
        "version": "1.0.0",
        "metadata": { "generatedAt": run.generated_at, "k6Version": run.version },
        "config": {
            "execution": "local",
            "script": run.script,
            "duration": summary.run_duration.as_secs_f64(),
        },
        "results": results,
    });
    match document {
        Value::Object(document) => document,
        _ => Map::new(),
    }
}

/// Counters have no rate here, and Rates count all that was added to them.
fn values(sink: &Sink, summary: &Summary, trend_stats: &[(String, TrendStat)]) -> Value {
    match sink {
        Sink::Counter(counter) => json!({ "count": number(counter.sum()) }),
        Sink::Rate(rate) => rate_values(rate.passes(), rate.total()),
        Sink::Gauge(_) | Sink::Trend(_) => {
            Value::Object(sink_values(sink, summary.run_duration, trend_stats))
        }
    }
}

fn rate_values(matches: u64, total: u64) -> Value {
    let rate = if total == 0 { 0.0 } else { matches as f64 / total as f64 };
    json!({ "matches": matches, "total": total, "rate": number(rate) })
}

fn checks(summary: &Summary) -> Value {
    let passes: u64 = summary.checks.iter().map(|check| check.passes).sum();
    let fails: u64 = summary.checks.iter().map(|check| check.fails).sum();
    let total = passes + fails;
    let metric = |name: &str, kind: &str, values: Value| json!({ "name": name, "type": kind, "contains": "default", "values": values });
    let result = |check: &sockeye_metrics::Check| json!({ "name": check.name, "passes": check.passes, "fails": check.fails });
    json!({
        "metrics": [
            metric("checks_total", "counter", json!({ "count": total })),
            metric("checks_succeeded", "rate", rate_values(passes, total)),
            metric("checks_failed", "rate", rate_values(fails, total)),
        ],
        "results": summary.checks.iter().map(result).collect::<Vec<_>>(),
    })
}
