//! The documents of the API, as JSON:API has them.

use serde_json::{Map, Value, json};
use sockeye_engine::progress::Phase;
use sockeye_metrics::{Group, Metric, Sink, Summary, ThresholdResult, TrendStat};
use sockeye_outputs::{group_id, sink_values};

use super::ApiRun;

/// The run's state.
pub(super) fn status(run: &ApiRun) -> Value {
    let snapshot = run.progress.snapshot();
    let waits = matches!(snapshot.phase, Phase::Init | Phase::Paused);
    // k6: the numbers of its phases.
    let status = match snapshot.phase {
        Phase::Init => 1,
        Phase::Paused => 4,
        Phase::Setup => 6,
        Phase::Scenarios => 7,
        Phase::Teardown => 8,
        Phase::Finished => 9,
    };
    let elapsed = snapshot.elapsed;
    let crossed = run.metrics.read(|aggregator| !aggregator.evaluate(elapsed).crossed.is_empty());
    resource(
        "status",
        "default",
        json!({
            "status": status,
            "paused": run.options.paused && waits && !run.control.is_started(),
            "vus": snapshot.vus_active,
            "vus-max": snapshot.vus_initialised,
            "stopped": run.control.stop_reason().is_some(),
            "running": !waits && snapshot.phase != Phase::Finished,
            "tainted": crossed,
        }),
    )
}

/// All metrics and sub-metrics with samples.
pub(super) fn metrics(summary: &Summary) -> Vec<Value> {
    let mut documents = Vec::new();
    for one in &summary.metrics {
        if !one.sink.is_empty() {
            documents.push(metric(
                &one.metric,
                &one.metric.name,
                &one.sink,
                &one.thresholds,
                summary,
            ));
        }
        for part in one.submetrics.iter().filter(|part| !part.sink.is_empty()) {
            documents.push(metric(&one.metric, &part.name, &part.sink, &part.thresholds, summary));
        }
    }
    documents
}

fn metric(
    metric: &Metric,
    name: &str,
    sink: &Sink,
    thresholds: &[ThresholdResult],
    summary: &Summary,
) -> Value {
    let stats: Vec<(String, TrendStat)> =
        TrendStat::DEFAULT.iter().map(|stat| (stat.to_string(), *stat)).collect();
    let mut sample = sink_values(sink, summary.run_duration, &stats);
    // k6: Gauges and Rates are their values here.
    match sink {
        Sink::Gauge(_) => sample.retain(|key, _| key == "value"),
        Sink::Rate(_) => sample.retain(|key, _| key == "rate"),
        Sink::Counter(_) | Sink::Trend(_) => sample.sort_keys(),
    }
    let tainted = match thresholds {
        [] => Value::Null,
        results => results.iter().any(|result| !result.ok).into(),
    };
    resource(
        "metrics",
        name,
        json!({
            "type": metric.kind.as_str(),
            "contains": metric.value.as_str(),
            "tainted": tainted,
            "sample": sample,
        }),
    )
}

/// The root and all groups in it, each before those in it.
pub(super) fn groups(summary: &Summary) -> Vec<Value> {
    let mut documents = Vec::new();
    push_groups(&mut documents, &summary.root_group, None);
    documents
}

fn push_groups(documents: &mut Vec<Value>, group: &Group, parent: Option<&Group>) {
    let reference = |group: &Group| json!({ "type": "groups", "id": group_id(&group.path) });
    let check = |check: &sockeye_metrics::Check| {
        json!({
            "id": group_id(&check.path),
            "path": check.path,
            "name": check.name,
            "passes": check.passes,
            "fails": check.fails,
        })
    };
    let checks: Value = match group.checks.as_slice() {
        [] => Value::Null,
        checks => checks.iter().map(check).collect(),
    };
    let attributes = json!({ "path": group.path, "name": group.name, "checks": checks });
    let mut document = resource("groups", &group_id(&group.path), attributes);
    let inner: Vec<Value> = group.groups.iter().map(reference).collect();
    document["relationships"] = json!({
        "groups": { "data": inner },
        "parent": { "data": parent.map(reference) },
    });
    documents.push(document);
    for child in &group.groups {
        push_groups(documents, child, Some(group));
    }
}

/// What `setup` returned. Text, because a script's JSON may say more than a reader of ours takes.
pub(super) fn setup_data(json: Option<&str>) -> String {
    let attributes = match json {
        Some(json) => format!("{{\"data\":{json}}}"),
        None => "{}".to_owned(),
    };
    format!(
        "{{\"data\":{{\"type\":\"setupData\",\"id\":\"default\",\"attributes\":{attributes}}}}}"
    )
}

/// What went wrong.
pub(super) fn error(status: u16, title: &str, detail: &str) -> Value {
    json!({ "errors": [{ "status": status.to_string(), "title": title, "detail": detail }] })
}

fn resource(kind: &str, id: &str, attributes: Value) -> Value {
    let mut resource = Map::new();
    resource.insert("type".to_owned(), kind.into());
    resource.insert("id".to_owned(), id.into());
    resource.insert("attributes".to_owned(), attributes);
    Value::Object(resource)
}
