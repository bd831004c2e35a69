//! The `thresholds` option as data. What an expression means is not known here.

use std::time::Duration;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    ReadError, SignedDuration,
    read::{FromJson, Reader, known_key},
};

/// One threshold of a metric or sub-metric, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThresholdSpec {
    /// The expression, such as `p(95)<200`.
    pub expression: String,
    /// Whether the run ends once it is crossed.
    pub abort_on_fail: bool,
    /// How long after the start it may first end the run.
    pub delay_abort_eval: Option<Duration>,
}

impl FromJson for IndexMap<String, Vec<ThresholdSpec>> {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        if value.is_null() {
            return Ok(None);
        }
        let mut thresholds = Self::new();
        for (metric, value) in reader.object(value)? {
            let read = reader.at_key(metric, |reader| match value {
                Value::Null => Ok(Vec::new()),
                _ => reader.each(value, one),
            });
            thresholds.insert(metric.clone(), read?);
        }
        Ok(Some(thresholds))
    }
}

fn one(value: &Value, reader: &mut Reader) -> Result<ThresholdSpec, ReadError> {
    let mut spec = ThresholdSpec::default();
    match value {
        Value::String(expression) => spec.expression.clone_from(expression),
        Value::Object(fields) => {
            for (key, value) in fields {
                let name = known_key(key, KEYS.iter().copied());
                reader.at_key(key, |reader| match name {
                    "threshold" => {
                        spec.expression = String::from_json(value, reader)?.unwrap_or_default();
                        Ok(())
                    }
                    "abortOnFail" => {
                        spec.abort_on_fail = bool::from_json(value, reader)?.unwrap_or_default();
                        Ok(())
                    }
                    "delayAbortEval" => {
                        let delay = SignedDuration::from_json(value, reader)?;
                        spec.delay_abort_eval = delay.map(SignedDuration::clamped);
                        Ok(())
                    }
                    _ => Ok(()),
                })?;
                if !KEYS.contains(&name) {
                    reader.unknown_key(key, KEYS.iter().copied())?;
                }
            }
        }
        _ => return Err(reader.expected("an expression or an object", value)),
    }
    Ok(spec)
}

const KEYS: &[&str] = &["threshold", "abortOnFail", "delayAbortEval"];
