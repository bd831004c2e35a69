//! What variables and flags say, to the types of options.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::{SignedDuration, ThresholdSpec};
use crate::scenario::{ScenarioLayer, StageLayer};

/// Which of the two it is. k6: they differ in small ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextForm {
    /// One text.
    Variable,
    /// One text for each time the flag was given.
    Flag,
}

/// What is wrong with a text.
#[derive(Debug)]
pub(super) struct TextProblem(pub(super) String);

/// A type that an option has in a variable or flag.
pub(super) trait FromText: Sized {
    /// `texts` is empty for a switch that stands alone.
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem>;
}

/// The text that counts: the last.
fn last(texts: &[String]) -> Result<&str, TextProblem> {
    texts.last().map(String::as_str).ok_or_else(|| TextProblem("needs a value".to_owned()))
}

fn expected(what: &str, text: &str) -> TextProblem {
    TextProblem(format!("expected {what}, got `{text}`"))
}

/// k6: a list may be split by commas as well as by repeating the flag.
fn parts(texts: &[String]) -> impl Iterator<Item = &str> {
    texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|part| !part.is_empty())
}

impl FromText for i64 {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        let text = last(texts)?;
        text.parse().map_err(|_| expected("a whole number", text))
    }
}

impl FromText for bool {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        match (texts.last().map(String::as_str), form) {
            (None | Some("true"), _)
            | (Some("1" | "t" | "T" | "TRUE" | "True"), TextForm::Flag) => Ok(true),
            (Some("false"), _) | (Some("0" | "f" | "F" | "FALSE" | "False"), TextForm::Flag) => {
                Ok(false)
            }
            (Some(text), _) => Err(expected("`true` or `false`", text)),
        }
    }
}

impl FromText for String {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        last(texts).map(str::to_owned)
    }
}

impl FromText for SignedDuration {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        let text = last(texts)?;
        duration(text, form)
    }
}

fn duration(text: &str, form: TextForm) -> Result<SignedDuration, TextProblem> {
    let (read, form) = match form {
        TextForm::Variable => (SignedDuration::parse(text), "a duration such as `1m30s`"),
        TextForm::Flag => {
            (SignedDuration::parse_with_unit(text), "a duration with its unit, such as `1m30s`")
        }
    };
    read.map_err(|_| expected(form, text))
}

impl FromText for Value {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        last(texts).map(|text| Self::String(text.to_owned()))
    }
}

impl FromText for Vec<String> {
    fn from_text(texts: &[String], _: TextForm) -> Result<Self, TextProblem> {
        Ok(parts(texts).map(str::to_owned).collect())
    }
}

/// `name=value` once for each flag, `name:value,name:value` in a variable.
impl FromText for BTreeMap<String, String> {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        match form {
            // k6: an empty one is none, as a variable of a shell may be.
            TextForm::Flag => {
                texts.iter().filter(|text| !text.is_empty()).map(|text| pair(text, '=')).collect()
            }
            TextForm::Variable => parts(texts).map(|text| pair(text, ':')).collect(),
        }
    }
}

fn pair(text: &str, between: char) -> Result<(String, String), TextProblem> {
    match text.split_once(between) {
        Some(("", _)) => Err(TextProblem(format!("`{text}` has no name before the `{between}`"))),
        None | Some((_, "")) => {
            Err(TextProblem(format!("`{text}` has no value, write `name{between}value`")))
        }
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
    }
}

/// `10s:5,20s:0`
impl FromText for Vec<StageLayer> {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        let stage = |text: &str| {
            let (time, target) = match text.split_once(':') {
                Some((time, target)) => (time, Some(target)),
                None => (text, None),
            };
            if time.is_empty() {
                return Err(TextProblem(format!("stage `{text}` has no duration")));
            }
            let target = target.map(|target| {
                target.parse().map_err(|_| expected("a whole number of VUs", target))
            });
            Ok(StageLayer { duration: Some(duration(time, form)?), target: target.transpose()? })
        };
        parts(texts).map(stage).collect()
    }
}

fn only_in_scripts<T>() -> Result<T, TextProblem> {
    Err(TextProblem("can only be set in a script or a configuration file".to_owned()))
}

impl FromText for Vec<ScenarioLayer> {
    fn from_text(_: &[String], _: TextForm) -> Result<Self, TextProblem> {
        only_in_scripts()
    }
}

impl FromText for IndexMap<String, Vec<ThresholdSpec>> {
    fn from_text(_: &[String], _: TextForm) -> Result<Self, TextProblem> {
        only_in_scripts()
    }
}
