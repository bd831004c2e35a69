//! The two kinds of line: a metric's description, and a point.

use std::{fmt::Write as _, io::Write as _, time::Duration};

use sockeye_metrics::{Metric, Sample, Series, TagSet, Threshold, ThresholdSet};

use crate::{
    json_text::{push_number, push_plain_string, push_string},
    time_text::TimeText,
};

/// Appends the line that describes `metric`.
pub(super) fn push_metric_line(out: &mut Vec<u8>, metric: &Metric, thresholds: &ThresholdSet) {
    let of_metric = || thresholds.iter().filter(|watched| watched.metric.id == metric.id);
    out.extend_from_slice(br#"{"type":"Metric","data":{"name":"#);
    push_string(out, &metric.name);
    let _ = write!(
        out,
        r#","type":"{}","contains":"{}","thresholds":["#,
        metric.kind.as_str(),
        metric.value.as_str()
    );
    let whole = of_metric().filter(|watched| watched.selector.submetric.is_none());
    for (n, threshold) in whole.flat_map(|watched| &watched.thresholds).enumerate() {
        separate(out, n);
        push_threshold(out, threshold);
    }
    out.extend_from_slice(br#"],"submetrics":"#);
    let parts = of_metric().filter_map(|watched| {
        watched.selector.submetric.as_ref().map(|part| (watched.selector.name(), part))
    });
    let mut any = false;
    for (n, (name, part)) in parts.enumerate() {
        any = true;
        out.extend_from_slice(if n == 0 { br#"[{"name":"# } else { br#",{"name":"# });
        push_string(out, &name);
        out.extend_from_slice(br#","suffix":"#);
        push_string(out, &part.suffix);
        out.extend_from_slice(br#","tags":"#);
        push_pairs(out, part.tags.iter());
        out.push(b'}');
    }
    out.extend_from_slice(if any { b"]" } else { b"null" });
    out.extend_from_slice(br#"},"metric":"#);
    push_string(out, &metric.name);
    out.extend_from_slice(b"}\n");
}

/// k6: a threshold that does not end the run is its expression only.
fn push_threshold(out: &mut Vec<u8>, threshold: &Threshold) {
    if !threshold.abort_on_fail {
        push_plain_string(out, &threshold.source);
        return;
    }
    out.extend_from_slice(br#"{"threshold":"#);
    push_plain_string(out, &threshold.source);
    out.extend_from_slice(br#","abortOnFail":true,"delayAbortEval":"#);
    match threshold.delay_abort_eval {
        None => out.extend_from_slice(b"null"),
        Some(delay) => push_plain_string(out, &go_duration(delay)),
    }
    out.push(b'}');
}

/// What all points of a series share.
#[derive(Debug)]
pub(super) struct PointLine {
    /// Up to the quote before the time.
    head: Vec<u8>,
    /// From the comma behind the value to the end of the tags.
    tail: Vec<u8>,
}

impl PointLine {
    pub(super) fn new(series: &Series) -> Self {
        let mut head = br#"{"metric":"#.to_vec();
        push_string(&mut head, &series.metric.name);
        head.extend_from_slice(br#","type":"Point","data":{"time":""#);
        let mut tail = br#","tags":"#.to_vec();
        push_pairs(&mut tail, series.tags.iter());
        Self { head, tail }
    }

    pub(super) fn push(
        &self,
        out: &mut Vec<u8>,
        time: &mut TimeText,
        sample: &Sample,
        metadata: Option<&TagSet>,
    ) {
        out.extend_from_slice(&self.head);
        time.push(out, sample.time);
        out.extend_from_slice(br#"","value":"#);
        push_number(out, sample.value);
        out.extend_from_slice(&self.tail);
        if let Some(metadata) = metadata {
            out.extend_from_slice(br#","metadata":"#);
            push_pairs(out, metadata.iter());
        }
        out.extend_from_slice(b"}}\n");
    }
}

fn push_pairs<'a>(out: &mut Vec<u8>, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
    out.push(b'{');
    for (n, (key, value)) in pairs.enumerate() {
        separate(out, n);
        push_string(out, key);
        out.push(b':');
        push_string(out, value);
    }
    out.push(b'}');
}

fn separate(out: &mut Vec<u8>, n: usize) {
    if n > 0 {
        out.push(b',');
    }
}

/// A duration as Go prints it: `0s`, `1.5µs`, `100ms`, `1m30.5s`, `26h3m0s`.
fn go_duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let (seconds, part) = (duration.as_secs(), f64::from(duration.subsec_nanos()) / 1e9);
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => format!("{}µs", nanos as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{}ms", nanos as f64 / 1e6),
        _ => {
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            let mut text = String::new();
            if hours > 0 {
                let _ = write!(text, "{hours}h");
            }
            if seconds >= 60 {
                let _ = write!(text, "{minutes}m");
            }
            let _ = write!(text, "{}s", (seconds % 60) as f64 + part);
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_go_prints_them() {
        for (nanos, text) in [
            (0, "0s"),
            (7, "7ns"),
            (1_500, "1.5µs"),
            (100_000_000, "100ms"),
            (5_000_000_000, "5s"),
            (60_000_000_000, "1m0s"),
            (90_500_000_000, "1m30.5s"),
            (93_780_000_000_000, "26h3m0s"),
        ] {
            assert_eq!(go_duration(Duration::from_nanos(nanos)), text);
        }
    }
}
