//! What k6 wrote, read back into samples and put out again: the bytes must be the same.

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use sockeye_metrics::{
    MetricKind, Output, Registry, RunInfo, Sample, SampleBatch, TagSet, Threshold, ThresholdSet,
    UnixNanos, ValueKind,
};
use sockeye_outputs::JsonOutput;

use crate::json::Shared;

const K6: &str = include_str!("golden/k6.jsonl");

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn pairs(value: &Value) -> Vec<(&str, &str)> {
    let object = value.as_object().map(|o| o.iter()).into_iter().flatten();
    object.map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect()
}

fn register(registry: &Registry, data: &Value) {
    let kind = match text(data, "type") {
        "counter" => MetricKind::Counter,
        "gauge" => MetricKind::Gauge,
        "rate" => MetricKind::Rate,
        _ => MetricKind::Trend,
    };
    let value = match text(data, "contains") {
        "time" => ValueKind::Time,
        "data" => ValueKind::Data,
        _ => ValueKind::Default,
    };
    registry.register(text(data, "name"), kind, value).unwrap();
}

fn threshold(value: &Value) -> Threshold {
    let Some(source) = value.as_str() else {
        let delay = match value["delayAbortEval"].as_str() {
            None => None,
            Some("100ms") => Some(Duration::from_millis(100)),
            Some("1m30.5s") => Some(Duration::from_millis(90_500)),
            Some(other) => panic!("`{other}` is not in the script"),
        };
        let threshold = Threshold::parse(text(value, "threshold")).unwrap();
        return Threshold { abort_on_fail: true, delay_abort_eval: delay, ..threshold };
    };
    Threshold::parse(source).unwrap()
}

/// Registers the metrics of the file, and gives the names that thresholds are on.
fn thresholds(registry: &Registry, lines: &[Value]) -> Vec<(String, Vec<Threshold>)> {
    let mut all = Vec::new();
    for data in lines.iter().filter(|line| text(line, "type") == "Metric").map(|l| &l["data"]) {
        register(registry, data);
        let own = data["thresholds"].as_array().unwrap().iter().map(threshold).collect();
        all.push((text(data, "name").to_owned(), own));
        let parts = data["submetrics"].as_array().into_iter().flatten();
        all.extend(parts.map(|part| (text(part, "name").to_owned(), Vec::new())));
    }
    all
}

fn sample(registry: &Registry, line: &Value) -> Sample {
    let data = &line["data"];
    let tags: TagSet = pairs(&data["tags"]).into_iter().collect();
    let metric = registry.find(text(line, "metric")).unwrap().id;
    let time: Timestamp = text(data, "time").parse().unwrap();
    Sample {
        series: registry.series(metric, &tags),
        time: UnixNanos(time.as_nanosecond().try_into().unwrap()),
        value: data["value"].as_f64().unwrap(),
    }
}

#[test]
fn k6s_bytes_come_out_again() {
    let lines: Vec<Value> = K6.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let registry: Arc<Registry> = Registry::new();
    let thresholds = thresholds(&registry, &lines);
    let named = thresholds.iter().map(|(name, list)| (name.as_str(), list.clone()));
    let thresholds = ThresholdSet::resolve(&registry, named).unwrap();
    let points = lines.iter().filter(|line| text(line, "type") == "Point");
    let mut samples = SampleBatch::default();
    for line in points {
        let metadata: TagSet = pairs(&line["data"]["metadata"]).into_iter().collect();
        let metadata = (!metadata.is_empty()).then_some(&metadata);
        samples.push(sample(&registry, line), metadata);
    }

    let stream = Shared::default();
    let kathmandu = TimeZone::fixed(jiff::tz::Offset::from_seconds(20_700).unwrap());
    let mut output = JsonOutput::to_stream(Box::new(stream.clone()), kathmandu);
    output.start(&RunInfo { registry: registry.clone(), thresholds }).unwrap();
    output.samples(&samples, &registry).unwrap();
    for (got, want) in stream.text().lines().zip(K6.lines()) {
        assert_eq!(got, want);
    }
    assert_eq!(stream.text().len(), K6.len());
}
