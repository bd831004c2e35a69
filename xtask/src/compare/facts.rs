//! What a script's header asks to compare, as lines of text: they can be kept, read and set side by side.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::program::Observation;
use super::script::{Aspect, Order, Script};

/// The name of an aspect, and its lines.
pub(super) type Facts = BTreeMap<String, Vec<String>>;

pub(super) fn of(script: &Script, observation: &Observation) -> Facts {
    script.aspects.iter().map(|aspect| (name(aspect), lines(aspect, observation))).collect()
}

/// What an aspect is called in reports and recordings.
pub(super) fn name(aspect: &Aspect) -> String {
    match aspect {
        Aspect::Exit => "exit".to_owned(),
        Aspect::Console(_) => "console".to_owned(),
        Aspect::Errors(_) => "errors".to_owned(),
        Aspect::Warnings => "warnings".to_owned(),
        Aspect::Stdout => "stdout".to_owned(),
        Aspect::Json => "json".to_owned(),
        Aspect::Checks => "checks".to_owned(),
        Aspect::Thresholds => "thresholds".to_owned(),
        Aspect::Count { metric, .. } => format!("count of {metric}"),
        Aspect::Values(metric) => format!("values of {metric}"),
    }
}

fn lines(aspect: &Aspect, observation: &Observation) -> Vec<String> {
    let console = |line: &&String| line.ends_with(" source=console");
    match aspect {
        Aspect::Exit => vec![observation.exit_code.to_string()],
        Aspect::Console(order) => {
            in_order(observation.log.iter().filter(console).cloned().collect(), *order)
        }
        Aspect::Errors(order) => {
            let errors = observation.log.iter().filter(|line| !console(line));
            let errors = errors.filter(|line| line.starts_with("level=error "));
            in_order(errors.map(|line| without_outer_frames(line)).collect(), *order)
        }
        Aspect::Warnings => {
            let warnings = observation.log.iter().filter(|line| !console(line));
            warnings.filter(|line| line.starts_with("level=warning ")).cloned().collect()
        }
        Aspect::Stdout => observation.stdout.clone(),
        Aspect::Json => json(&observation.stdout.join("\n")),
        Aspect::Checks => {
            let mut lines = Vec::new();
            if let Some(root) = observation.summary.as_ref().and_then(|s| s.get("root_group")) {
                checks_of_group(root, &mut lines);
            }
            lines.sort();
            lines
        }
        Aspect::Thresholds => thresholds(observation),
        Aspect::Count { metric, .. } => {
            metric_of(observation, metric).map(count).into_iter().collect()
        }
        Aspect::Values(metric) => metric_of(observation, metric).map(values).unwrap_or_default(),
    }
}

/// The lines of JSON in one layout, keys in their order.
fn json(text: &str) -> Vec<String> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => format!("{value:#}").lines().map(str::to_owned).collect(),
        Err(error) => vec![format!("not JSON: {error}")],
    }
}

fn in_order(mut lines: Vec<String>, order: Order) -> Vec<String> {
    if order == Order::Sorted {
        lines.sort();
    }
    lines
}

/// The first frame in the script is the user's line; the others are the program's business.
fn without_outer_frames(line: &str) -> String {
    let Some((message, frames)) = line.split_once("\\n\\tat ") else {
        return line.to_owned();
    };
    let users = frames.split("\\n\\tat ").find(|frame| frame.contains("FOLDER/"));
    let frame = users.unwrap_or(frames).split("\\n").next().unwrap_or_default();
    // The name of the function is told in different ways: `default`, `f`, or not at all.
    let place = frame.rsplit(['(', ' ']).next().unwrap_or(frame).trim_end_matches(')');
    let fields = frames.rsplit_once("\\n\"").map_or("", |(_, fields)| fields);
    format!("{message} at {place}\"{fields}")
}

fn checks_of_group(group: &Value, lines: &mut Vec<String>) {
    for check in children(group, "checks") {
        let text = |key: &str| check.get(key).map(ToString::to_string).unwrap_or_default();
        let path = check.get("path").and_then(Value::as_str).unwrap_or_default();
        lines.push(format!("{path} passes={} fails={}", text("passes"), text("fails")));
    }
    for group in children(group, "groups") {
        checks_of_group(group, lines);
    }
}

/// The members of a group, which different versions write as a list or as an object.
fn children<'a>(group: &'a Value, key: &str) -> Vec<&'a Value> {
    match group.get(key) {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(Value::Object(object)) => object.values().collect(),
        _ => Vec::new(),
    }
}

fn thresholds(observation: &Observation) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, metric) in metrics(observation).into_iter().flatten() {
        for (expression, crossed) in
            metric.get("thresholds").and_then(Value::as_object).into_iter().flatten()
        {
            // k6: `true` in this file means that the threshold was crossed.
            let word = if crossed == &Value::Bool(true) { "crossed" } else { "holds" };
            lines.push(format!("{name}: {expression} {word}"));
        }
    }
    lines.sort();
    lines
}

fn count(metric: &Value) -> String {
    let text = |key: &str| metric.get(key).map(ToString::to_string);
    match (text("count"), text("passes"), text("fails")) {
        (Some(count), ..) => count,
        (None, Some(passes), Some(fails)) => format!("{passes} {fails}"),
        _ => text("value").unwrap_or_default(),
    }
}

fn values(metric: &Value) -> Vec<String> {
    let fields = metric.as_object().into_iter().flatten();
    let mut lines: Vec<String> = fields
        .filter(|(key, _)| *key != "rate" && *key != "thresholds")
        .map(|(key, value)| format!("{key}={}", value.as_f64().unwrap_or(f64::NAN)))
        .collect();
    lines.sort();
    lines
}

fn metric_of<'a>(observation: &'a Observation, name: &str) -> Option<&'a Value> {
    metrics(observation)?.get(name)
}

fn metrics(observation: &Observation) -> Option<&Map<String, Value>> {
    observation.summary.as_ref()?.get("metrics")?.as_object()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_frame_of_the_script_counts() {
        let line = "level=error msg=\"Error: boom\\n\\tat f (native)\\n\\tat default (FOLDER/a.js:5)\\n\" \
                    executor=x source=stacktrace";
        let short = "level=error msg=\"Error: boom at FOLDER/a.js:5\" executor=x source=stacktrace";
        assert_eq!(without_outer_frames(line), short);
        assert_eq!(without_outer_frames("level=error msg=hm"), "level=error msg=hm");
    }
}
