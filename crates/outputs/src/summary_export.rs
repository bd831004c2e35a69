//! `--summary-export`: the end of a run as one JSON object, in k6's shape. k6's order of keys is
//! random; ours is that of the names.

use std::{fmt::Write as _, io};

use md5::{Digest, Md5};
use serde::Serialize;
use serde_json::{Map, Number, Value, json};
use sockeye_metrics::{
    Check, Group, MetricSummary, Sink, SubmetricSummary, Summary, ThresholdResult, TrendStat,
};

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
        let mut object = sink_values(sink, summary, trend_stats);
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

fn sink_values(
    sink: &Sink,
    summary: &Summary,
    trend_stats: &[(String, TrendStat)],
) -> Map<String, Value> {
    let pairs: Vec<(&str, Value)> = match sink {
        Sink::Counter(counter) => vec![
            ("count", number(counter.sum())),
            ("rate", number(counter.rate(summary.run_duration).value())),
        ],
        Sink::Gauge(gauge) => vec![
            ("value", number(gauge.value())),
            ("min", number(gauge.min())),
            ("max", number(gauge.max())),
        ],
        Sink::Rate(rate) => vec![
            ("value", number(rate.rate())),
            ("passes", rate.passes().into()),
            ("fails", rate.fails().into()),
        ],
        Sink::Trend(trend) => trend_stats
            .iter()
            .map(|(word, stat)| (word.as_str(), number(trend.stat(*stat))))
            .collect(),
    };
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
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

/// k6: the id of a group or a check is the MD5 of its path.
pub fn group_id(path: &str) -> String {
    let mut id = String::with_capacity(32);
    for byte in Md5::digest(path.as_bytes()) {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// k6: a number as JavaScript writes it; whole ones have no fraction, infinities are `null`.
fn number(value: f64) -> Value {
    const SAFE: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= SAFE {
        (value as i64).into()
    } else {
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_k6s() {
        assert_eq!(group_id(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(group_id("::my grp"), "dbeba047d4c35a1f08f4a71924469530");
        assert_eq!(group_id("::my grp::inner \"q\"::deep é"), "84372b52f15725bdf913f9ebecb5dad1");
    }

    #[test]
    fn numbers_are_json() {
        assert_eq!(number(3.0).to_string(), "3");
        assert_eq!(number(-0.0).to_string(), "0");
        assert_eq!(number(2.849_999_999_999_999_6).to_string(), "2.8499999999999996");
        assert_eq!(number(f64::INFINITY), Value::Null);
        assert_eq!(number(1e300).to_string(), "1e+300");
    }
}
