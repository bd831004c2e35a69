//! The `scenarios` option: an object of scenarios, each with the fields of its executor.

use serde_json::Value;

use super::{
    ReadError, nearest,
    read::{FromJson, Reader, did_you_mean, known_key},
};
use crate::{
    executor::{self, ExecutorKind, FIELDS_OF_ALL},
    scenario::ScenarioLayer,
};

impl FromJson for Vec<ScenarioLayer> {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        if value.is_null() {
            return Ok(None);
        }
        let mut scenarios = Self::new();
        for (name, value) in reader.object(value)? {
            let read = |reader: &mut Reader| scenario(name, value, reader);
            scenarios.push(reader.at_key(name, |reader| reader.strictly(read))?);
        }
        Ok(Some(scenarios))
    }
}

fn scenario(name: &str, value: &Value, reader: &mut Reader) -> Result<ScenarioLayer, ReadError> {
    let no_executor =
        || reader.error(format!("scenario '{name}' doesn't have a specified executor type"));
    if value.is_null() {
        return Err(no_executor());
    }
    let fields = reader.object(value)?;
    let written =
        fields.iter().find(|(key, _)| known_key(key, FIELDS_OF_ALL.iter().copied()) == "executor");
    let executor = match written.map(|(_, executor)| executor) {
        None | Some(Value::Null) => return Err(no_executor()),
        Some(Value::String(text)) if text.is_empty() => return Err(no_executor()),
        Some(executor) => reader.at_key("executor", |reader| kind(executor, reader))?,
    };
    let mut layer = ScenarioLayer::new(name, executor);
    for (key, value) in fields {
        reader.at_key(key, |reader| set(&mut layer, key, value, reader))?;
    }
    Ok(layer)
}

fn kind(value: &Value, reader: &mut Reader) -> Result<ExecutorKind, ReadError> {
    let Value::String(name) = value else { return Err(reader.expected("a string", value)) };
    ExecutorKind::from_name(name).ok_or_else(|| {
        let names = executor::TABLE.iter().map(|spec| spec.name);
        let hint = did_you_mean(nearest(name, names));
        reader.error(format!("unknown executor type '{name}'{hint}"))
    })
}

fn set(
    layer: &mut ScenarioLayer,
    key: &str,
    value: &Value,
    reader: &mut Reader,
) -> Result<(), ReadError> {
    let own = layer.kind.spec().fields;
    let known = own.iter().chain(FIELDS_OF_ALL).copied();
    let key = known_key(key, known.clone());
    if !FIELDS_OF_ALL.contains(&key) && !own.contains(&key) {
        let executor = layer.kind.as_str();
        let hint = did_you_mean(nearest(key, known));
        return Err(reader.error(format!("the executor `{executor}` has no field `{key}`{hint}")));
    }
    match key {
        "startTime" => layer.start_time = FromJson::from_json(value, reader)?,
        "gracefulStop" => layer.graceful_stop = FromJson::from_json(value, reader)?,
        "env" => layer.env = FromJson::from_json(value, reader)?,
        "exec" => layer.exec = FromJson::from_json(value, reader)?,
        "tags" => layer.tags = FromJson::from_json(value, reader)?,
        "options" => layer.options = FromJson::from_json(value, reader)?,
        "vus" => layer.vus = FromJson::from_json(value, reader)?,
        "iterations" => layer.iterations = FromJson::from_json(value, reader)?,
        "duration" => layer.duration = FromJson::from_json(value, reader)?,
        "maxDuration" => layer.max_duration = FromJson::from_json(value, reader)?,
        "startVUs" => layer.start_vus = FromJson::from_json(value, reader)?,
        "stages" => layer.stages = FromJson::from_json(value, reader)?,
        "gracefulRampDown" => layer.graceful_ramp_down = FromJson::from_json(value, reader)?,
        "rate" => layer.rate = FromJson::from_json(value, reader)?,
        "startRate" => layer.start_rate = FromJson::from_json(value, reader)?,
        "timeUnit" => layer.time_unit = FromJson::from_json(value, reader)?,
        "preAllocatedVUs" => layer.pre_allocated_vus = FromJson::from_json(value, reader)?,
        "maxVUs" => layer.max_vus = FromJson::from_json(value, reader)?,
        _ => {}
    }
    Ok(())
}
