//! Options as JSON, in the shape in which k6 shows and archives them: keys in a fixed order, `null`
//! for what nobody set.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use sockeye_metrics::{SystemTag, SystemTags};

use super::{
    Dns, Entries, OptionsLayer, SecretSources, SignedDuration, TABLE, ThresholdSpec, TlsVersion,
    Variables, spec::Shown,
};
use crate::scenario::{ScenarioLayer, StageLayer};

impl OptionsLayer {
    /// The layer as a script could have written it.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        for row in TABLE {
            let Some(key) = row.key else { continue };
            let value = match (key, row.json(self)) {
                // k6: an object without anything in it rather than `null`.
                ("dns", None) => Dns::default().to_json(),
                ("blacklistIPs", Some(ranges)) => networks(&ranges),
                ("systemTags", Some(names)) => system_tags(&names),
                (_, Some(value)) => value,
                (_, None) if row.shown == Shown::Always => Value::Null,
                (_, None) => continue,
            };
            object.insert(key.to_owned(), value);
        }
        object
    }
}

/// A type that an option has, as JSON.
pub(super) trait ToJson {
    fn to_json(&self) -> Value;
}

impl ToJson for i64 {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl ToJson for SignedDuration {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for BTreeMap<String, String> {
    fn to_json(&self) -> Value {
        json!(self)
    }
}

impl ToJson for Vec<String> {
    fn to_json(&self) -> Value {
        json!(self)
    }
}

impl ToJson for Entries {
    fn to_json(&self) -> Value {
        json!(self.0)
    }
}

impl ToJson for SecretSources {
    fn to_json(&self) -> Value {
        json!(self.0)
    }
}

impl ToJson for Variables {
    fn to_json(&self) -> Value {
        self.0.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
    }
}

impl ToJson for Dns {
    fn to_json(&self) -> Value {
        Self::KEYS
            .into_iter()
            .zip(self.words())
            .map(|(key, word)| (key.to_owned(), word.map_or(Value::Null, ToJson::to_json)))
            .collect()
    }
}

impl ToJson for TlsVersion {
    fn to_json(&self) -> Value {
        json!({ "min": self.min, "max": self.max })
    }
}

impl ToJson for Vec<StageLayer> {
    fn to_json(&self) -> Value {
        let stage = |stage: &StageLayer| json!({ "duration": or_null(stage.duration.as_ref()), "target": stage.target });
        self.iter().map(stage).collect()
    }
}

impl ToJson for IndexMap<String, Vec<ThresholdSpec>> {
    fn to_json(&self) -> Value {
        let mut names: Vec<&String> = self.keys().collect();
        names.sort();
        let of =
            |name: &String| self.get(name).into_iter().flatten().map(threshold).collect::<Value>();
        names.into_iter().map(|name| (name.clone(), of(name))).collect()
    }
}

/// k6: one that is nothing but its expression is a text.
fn threshold(spec: &ThresholdSpec) -> Value {
    let delay = spec.delay_abort_eval.map(SignedDuration::from);
    if !spec.abort_on_fail && delay.is_none() {
        return spec.expression.as_str().into();
    }
    json!({
        "threshold": spec.expression,
        "abortOnFail": spec.abort_on_fail,
        "delayAbortEval": or_null(delay.as_ref()),
    })
}

impl ToJson for Vec<ScenarioLayer> {
    fn to_json(&self) -> Value {
        let mut sorted: Vec<&ScenarioLayer> = self.iter().collect();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        sorted.into_iter().map(|scenario| (scenario.name.clone(), fields(scenario))).collect()
    }
}

fn fields(scenario: &ScenarioLayer) -> Value {
    let mut object = Map::new();
    object.insert("executor".to_owned(), scenario.kind.as_str().into());
    let of_all = ["startTime", "gracefulStop", "env", "exec", "tags", "options"];
    for key in of_all.iter().chain(scenario.kind.spec().fields) {
        let value = field(scenario, key);
        if *key != "options" || !value.is_null() {
            object.insert((*key).to_owned(), value);
        }
    }
    Value::Object(object)
}

fn field(scenario: &ScenarioLayer, key: &str) -> Value {
    match key {
        "startTime" => or_null(scenario.start_time.as_ref()),
        "gracefulStop" => or_null(scenario.graceful_stop.as_ref()),
        "env" => or_null(scenario.env.as_ref()),
        "exec" => or_null(scenario.exec.as_ref()),
        "tags" => or_null(scenario.tags.as_ref()),
        "options" => or_null(scenario.options.as_ref()),
        "vus" => or_null(scenario.vus.as_ref()),
        "iterations" => or_null(scenario.iterations.as_ref()),
        "duration" => or_null(scenario.duration.as_ref()),
        "maxDuration" => or_null(scenario.max_duration.as_ref()),
        "startVUs" => or_null(scenario.start_vus.as_ref()),
        "stages" => or_null(scenario.stages.as_ref()),
        "gracefulRampDown" => or_null(scenario.graceful_ramp_down.as_ref()),
        "rate" => or_null(scenario.rate.as_ref()),
        "startRate" => or_null(scenario.start_rate.as_ref()),
        "timeUnit" => or_null(scenario.time_unit.as_ref()),
        "preAllocatedVUs" => or_null(scenario.pre_allocated_vus.as_ref()),
        "maxVUs" => or_null(scenario.max_vus.as_ref()),
        _ => Value::Null,
    }
}

fn or_null(value: Option<&impl ToJson>) -> Value {
    value.map_or(Value::Null, ToJson::to_json)
}

/// k6: in alphabetical order, and only those that exist.
fn system_tags(names: &Value) -> Value {
    let given: Vec<&str> =
        names.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let known = given.into_iter().filter(|name| SystemTags::from_names([*name]).is_ok());
    sorted_tags(SystemTags::from_names(known).unwrap_or_default())
}

/// The names of the tags.
pub(super) fn sorted_tags(tags: SystemTags) -> Value {
    let has = |tag: &&SystemTag| tags.has(**tag);
    let mut names: Vec<&str> = SystemTag::ALL.iter().filter(has).map(|tag| tag.as_str()).collect();
    names.sort_unstable();
    json!(names)
}

/// k6: a network is shown by its first address.
fn networks(ranges: &Value) -> Value {
    let one = |range: &Value| {
        let text = range.as_str().unwrap_or_default();
        first_address(text).map_or_else(|| range.clone(), Value::from)
    };
    ranges.as_array().into_iter().flatten().map(one).collect()
}

fn first_address(range: &str) -> Option<String> {
    let (address, bits) = range.split_once('/')?;
    let bits: u32 = bits.parse().ok()?;
    let first = match address.parse().ok()? {
        std::net::IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32u32.checked_sub(bits)?).unwrap_or(0);
            std::net::Ipv4Addr::from_bits(address.to_bits() & mask).to_string()
        }
        std::net::IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128u32.checked_sub(bits)?).unwrap_or(0);
            std::net::Ipv6Addr::from_bits(address.to_bits() & mask).to_string()
        }
    };
    Some(format!("{first}/{bits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_begin_at_their_first_address() {
        let check = |range: &str, expect: &str| {
            assert_eq!(networks(&json!([range])), json!([expect]));
        };
        check("10.1.2.3/8", "10.0.0.0/8");
        check("10.1.2.3/0", "0.0.0.0/0");
        check("10.1.2.3/32", "10.1.2.3/32");
        check("fd00::1:2/112", "fd00::1:0/112");
        check("10.1.2.3/33", "10.1.2.3/33");
        check("nonsense", "nonsense");
    }
}
