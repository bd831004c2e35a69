//! `--summary-export`: the end of a run as one JSON object, in k6's shape. k6's order of keys is
//! random; ours is that of the data.

use std::io;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Writes what [`summary_data`] says, or what `handleSummary` made of it.
///
/// [`summary_data`]: super::summary_data
///
/// # Errors
/// [`ExportError::Shape`] if the data has lost what every summary has, and what `out` fails with.
pub fn write_summary_export(
    data: &Map<String, Value>,
    out: &mut dyn io::Write,
) -> Result<(), ExportError> {
    let document = document(data).ok_or(ExportError::Shape)?;
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
    document.serialize(&mut serializer).map_err(io::Error::from)?;
    Ok(())
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The script took away what it needs.
    #[error("handleSummary() left no `metrics` or no `root_group` in its data")]
    Shape,
    /// It can't be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

fn document(data: &Map<String, Value>) -> Option<Value> {
    let metrics = data.get("metrics")?.as_object()?;
    let metrics = metrics.iter().map(|(name, metric)| (name.clone(), exported(metric)));
    let root_group = group(data.get("root_group")?.as_object()?);
    Some(json!({ "metrics": metrics.collect::<Map<_, _>>(), "root_group": root_group }))
}

/// The values of a metric and whether its thresholds were crossed.
fn exported(metric: &Value) -> Value {
    let is_rate = metric["type"] == "rate";
    // k6: the rate of a Rate is its `value` here.
    let renamed = |key: &String| if is_rate && key == "rate" { "value" } else { key }.to_owned();
    let values = metric["values"].as_object().into_iter().flatten();
    let mut object: Map<String, Value> =
        values.map(|(key, value)| (renamed(key), value.clone())).collect();
    if let Some(thresholds) = metric["thresholds"].as_object().filter(|all| !all.is_empty()) {
        // k6: true means that the threshold was crossed.
        let is_crossed = |result: &Value| result["ok"] != true;
        let crossed = thresholds
            .iter()
            .map(|(source, result)| (source.clone(), is_crossed(result).into()))
            .collect();
        object.insert("thresholds".to_owned(), Value::Object(crossed));
    }
    Value::Object(object)
}

/// A group with its lists as objects, by the names of what is in them.
fn group(group: &Map<String, Value>) -> Value {
    let members = group.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("groups", Value::Array(groups)) => {
                let groups = groups.iter().filter_map(Value::as_object);
                by_name(groups.map(|inner| (inner, self::group(inner))))
            }
            ("checks", Value::Array(checks)) => {
                let checks = checks.iter().filter_map(Value::as_object);
                by_name(checks.map(|check| (check, Value::Object(check.clone()))))
            }
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(members.collect())
}

fn by_name<'a>(items: impl Iterator<Item = (&'a Map<String, Value>, Value)>) -> Value {
    let name =
        |item: &Map<String, Value>| item.get("name").and_then(Value::as_str).map(str::to_owned);
    Value::Object(items.map(|(item, shown)| (name(item).unwrap_or_default(), shown)).collect())
}
