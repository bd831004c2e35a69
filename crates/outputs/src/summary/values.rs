//! Numbers, identifiers and the values of a metric, as all forms of the summary have them.

use std::{fmt::Write as _, time::Duration};

use md5::{Digest, Md5};
use serde_json::{Map, Number, Value};
use sockeye_metrics::{Sink, TrendStat};

/// The values of a metric, under k6's names. `run_duration` is what Counters are divided by;
/// `trend_stats` are the statistics told of a Trend, with the words that the options have for them.
pub fn sink_values(
    sink: &Sink,
    run_duration: Duration,
    trend_stats: &[(String, TrendStat)],
) -> Map<String, Value> {
    let pairs: Vec<(&str, Value)> = match sink {
        Sink::Counter(counter) => vec![
            ("count", number(counter.sum())),
            ("rate", number(counter.rate(run_duration).value())),
        ],
        Sink::Gauge(gauge) => vec![
            ("value", number(gauge.value())),
            ("min", number(gauge.min())),
            ("max", number(gauge.max())),
        ],
        Sink::Rate(rate) => vec![
            ("rate", number(rate.rate())),
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

/// k6: the id of a group or a check is the MD5 of its path.
pub fn group_id(path: &str) -> String {
    let mut id = String::with_capacity(32);
    for byte in Md5::digest(path.as_bytes()) {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// k6: a number as JavaScript writes it; whole ones have no fraction, infinities are `null`.
pub(super) fn number(value: f64) -> Value {
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
