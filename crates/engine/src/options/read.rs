//! JSON values to the types of options. The reader knows where it is, so that an error can say so.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Notice, ReadError, SignedDuration, Source, nearest};
use crate::scenario::StageLayer;

/// A type that an option has in JSON. `None` where the value says nothing, as `null` does.
pub(super) trait FromJson: Sized {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError>;
}

/// Where in the options the reading is, and what was odd on the way.
pub(super) struct Reader {
    source: Source,
    path: String,
    unknown_keys: UnknownKeys,
    notices: Vec<Notice>,
}

/// What an unknown key means. k6: it is an error within a scenario only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum UnknownKeys {
    Noted,
    Refused,
}

impl Reader {
    pub(super) fn new(source: Source) -> Self {
        Self { source, path: String::new(), unknown_keys: UnknownKeys::Noted, notices: Vec::new() }
    }

    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.notices
    }

    /// Reads with `key` at the end of the path.
    pub(super) fn at_key<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.below(&format!("{dot}{key}"), read)
    }

    /// Reads with `[index]` at the end of the path.
    pub(super) fn at_index<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        self.below(&format!("[{index}]"), read)
    }

    /// Reads what may hold no unknown key.
    pub(super) fn strictly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.unknown_keys, UnknownKeys::Refused);
        let result = read(self);
        self.unknown_keys = before;
        result
    }

    fn below<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let result = read(self);
        self.path.truncate(length);
        result
    }

    /// The error that says what the value here should have been.
    pub(super) fn expected(&self, what: &str, got: &Value) -> ReadError {
        self.error(format!("expected {what}, got {}", brief(got)))
    }

    pub(super) fn error(&self, problem: impl Into<String>) -> ReadError {
        ReadError { source: self.source, path: self.path.clone(), problem: problem.into() }
    }

    pub(super) fn object<'v>(&self, value: &'v Value) -> Result<&'v Map<String, Value>, ReadError> {
        value.as_object().ok_or_else(|| self.expected("an object", value))
    }

    pub(super) fn array<'v>(&self, value: &'v Value) -> Result<&'v [Value], ReadError> {
        value.as_array().map(Vec::as_slice).ok_or_else(|| self.expected("an array", value))
    }

    /// Each element of an array.
    pub(super) fn each<T>(
        &mut self,
        value: &Value,
        mut read: impl FnMut(&Value, &mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let elements = self.array(value)?.iter().enumerate();
        elements
            .map(|(index, element)| self.at_index(index, |reader| read(element, reader)))
            .collect()
    }

    /// Notes or refuses a key that means nothing here.
    pub(super) fn unknown_key(
        &mut self,
        key: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> Result<(), ReadError> {
        let nearest = nearest(key, known);
        if self.unknown_keys == UnknownKeys::Refused {
            return Err(self.error(format!("unknown field `{key}`{}", did_you_mean(nearest))));
        }
        let path = self.at_key(key, |reader| reader.path.clone());
        self.notices.push(Notice::UnknownKey { source: self.source, path, nearest });
        Ok(())
    }
}

/// How a key is written if it is one of these. k6: keys are known whatever their case.
pub(super) fn known_key<'k>(key: &'k str, known: impl IntoIterator<Item = &'k str>) -> &'k str {
    known.into_iter().find(|known| known.eq_ignore_ascii_case(key)).unwrap_or(key)
}

/// The end of a message about a name that is not known.
pub(super) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |known| format!(", did you mean `{known}`?"))
}

/// A value as an error shows it.
fn brief(value: &Value) -> String {
    match value {
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        scalar => {
            let text = scalar.to_string();
            let short: String = text.chars().take(60).collect();
            let cut = if short.len() < text.len() { "…" } else { "" };
            format!("`{short}{cut}`")
        }
    }
}

impl FromJson for i64 {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        let number = match value {
            Value::Null => return Ok(None),
            // k6: a string that is a number is one; the empty string says nothing.
            Value::String(text) if text.is_empty() => return Ok(None),
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_i64().or_else(|| {
                let float = number.as_f64()?;
                let whole = float.trunc() == float && float.abs() < i64::MAX as f64;
                whole.then_some(float as i64)
            }),
            _ => None,
        };
        number.map(Some).ok_or_else(|| reader.expected("a whole number", value))
    }
}

impl FromJson for bool {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        match value {
            Value::Null => Ok(None),
            Value::Bool(value) => Ok(Some(*value)),
            _ => Err(reader.expected("`true` or `false`", value)),
        }
    }
}

impl FromJson for String {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err(reader.expected("a string", value)),
        }
    }
}

impl FromJson for SignedDuration {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        let duration = match value {
            Value::Null => return Ok(None),
            Value::String(text) => Self::parse(text).ok(),
            Value::Number(millis) => millis.as_f64().and_then(Self::from_millis),
            _ => None,
        };
        let form = "a duration such as `1m30s` or a number of milliseconds";
        duration.map(Some).ok_or_else(|| reader.expected(form, value))
    }
}

/// Carried as it is, for a part that is still to come.
impl FromJson for Value {
    fn from_json(value: &Value, _: &mut Reader) -> Result<Option<Self>, ReadError> {
        Ok((!value.is_null()).then(|| value.clone()))
    }
}

impl FromJson for Vec<String> {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        if value.is_null() {
            return Ok(None);
        }
        let strings = reader.each(value, |value, reader| {
            String::from_json(value, reader).map(Option::unwrap_or_default)
        });
        strings.map(Some)
    }
}

impl FromJson for BTreeMap<String, String> {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        if value.is_null() {
            return Ok(None);
        }
        let mut map = Self::new();
        for (key, value) in reader.object(value)? {
            let text = reader.at_key(key, |reader| String::from_json(value, reader))?;
            map.insert(key.clone(), text.unwrap_or_default());
        }
        Ok(Some(map))
    }
}

const STAGE_KEYS: [&str; 2] = ["duration", "target"];

impl FromJson for Vec<StageLayer> {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        if value.is_null() {
            return Ok(None);
        }
        let stages = reader.each(value, |value, reader| {
            let mut stage = StageLayer::default();
            for (key, value) in reader.object(value)? {
                match known_key(key, STAGE_KEYS) {
                    "duration" => {
                        stage.duration = reader.at_key(key, |r| FromJson::from_json(value, r))?;
                    }
                    "target" => {
                        stage.target = reader.at_key(key, |r| FromJson::from_json(value, r))?;
                    }
                    _ => reader.unknown_key(key, STAGE_KEYS)?,
                }
            }
            Ok(stage)
        });
        stages.map(Some)
    }
}
