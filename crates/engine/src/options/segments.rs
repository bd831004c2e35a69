//! The options that say which part of a test to run.

use serde_json::Value;

use super::{
    ReadError,
    read::{FromJson, Reader},
    shape::ToJson,
    text::{FromText, TextForm, TextProblem},
};
use crate::segment::{Segment, SegmentError, SegmentSequence};

impl FromJson for Segment {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        from_json(value, reader)
    }
}

impl FromJson for SegmentSequence {
    fn from_json(value: &Value, reader: &mut Reader) -> Result<Option<Self>, ReadError> {
        from_json(value, reader)
    }
}

/// k6: an empty text says nothing.
fn from_json<T: std::str::FromStr<Err = SegmentError>>(
    value: &Value,
    reader: &mut Reader,
) -> Result<Option<T>, ReadError> {
    let text: Option<String> = FromJson::from_json(value, reader)?;
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|error: SegmentError| reader.error(error.to_string())))
        .transpose()
}

impl FromText for Segment {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        from_text(texts, form, Self::WHOLE)
    }
}

impl FromText for SegmentSequence {
    fn from_text(texts: &[String], form: TextForm) -> Result<Self, TextProblem> {
        from_text(texts, form, Self::whole())
    }
}

fn from_text<T: std::str::FromStr<Err = SegmentError>>(
    texts: &[String],
    form: TextForm,
    whole: T,
) -> Result<T, TextProblem> {
    let text = String::from_text(texts, form)?;
    if text.is_empty() {
        return Ok(whole);
    }
    text.parse().map_err(|error: SegmentError| TextProblem(error.to_string()))
}

impl ToJson for Segment {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for SegmentSequence {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}
