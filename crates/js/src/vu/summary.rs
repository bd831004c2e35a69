//! `handleSummary(data)`: calling it, and reading what it returns.

use std::sync::Arc;

use rquickjs::{Atom, CatchResultExt as _, Ctx, Object, Persistent, Value, object::Filter};
use sockeye_engine::vu::VuError;
use tokio_util::sync::CancellationToken;

use super::{
    Vu,
    lifecycle::{Argument, Parsed},
    returned,
};
use crate::interop::bytes;

/// What `handleSummary` said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SummaryAnswer {
    /// Nothing, so the summary that is shown without it is wanted.
    Default,
    /// What to write where, in the order of its keys: `stdout`, `stderr`, or the path of a file.
    Contents(Vec<(String, Vec<u8>)>),
    /// Something that can't be written; why, in k6's words.
    Invalid(String),
}

/// What came of `handleSummary`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summarized {
    /// What it returned.
    pub answer: SummaryAnswer,
    /// What it made of its data, as JSON; nothing if JSON can't say it.
    pub data: Option<String>,
}

impl Vu {
    /// Runs `handleSummary(data)`; `data` is JSON.
    pub(crate) async fn handle_summary(
        &self,
        data: Arc<str>,
        interrupt: CancellationToken,
    ) -> Result<Summarized, VuError> {
        self.host.interrupt.arm(interrupt);
        self.host.set_tags(self.host.base_tags([]));
        let parsed = Parsed::default();
        let returned = self.call("handleSummary", Argument::Json(data, parsed.clone())).await;
        let returned = returned.map_err(|thrown| self.lifecycle_error(thrown))?;
        let parsed = parsed.take();
        let told = self.entrance().enter(move |ctx| {
            let answer = answer(ctx, returned)?;
            let data = parsed.map(|data| data.restore(ctx)).transpose()?;
            let data = data.map(|data| ctx.json_stringify(data)).transpose();
            // What a script puts there may refuse to be shown; its answer holds all the same.
            let data = data.catch(ctx).ok().flatten().flatten();
            let data = data.map(|data| data.to_string()).transpose()?;
            Ok(Summarized { answer, data })
        });
        told.await.map_err(|thrown| self.lifecycle_error(thrown))
    }
}

fn answer(ctx: &Ctx<'_>, value: Persistent<Value<'static>>) -> rquickjs::Result<SummaryAnswer> {
    let value = returned::value(ctx, value)?;
    if value.is_undefined() || value.is_null() {
        return Ok(SummaryAnswer::Default);
    }
    let Some(object) = value.as_object().filter(|object| is_map(object)) else {
        let message = "handleSummary() should return a map with string keys";
        return Ok(SummaryAnswer::Invalid(message.to_owned()));
    };
    let mut contents = Vec::new();
    for key in object.own_keys::<Atom<'_>>(Filter::new().string().enum_only()) {
        let key = key?;
        let content: Value<'_> = object.get(key.clone())?;
        let key = bytes::usv_string(ctx, key.to_value()?)?;
        let content = if content.is_string() {
            bytes::usv_string(ctx, content)?.into_bytes()
        } else if let Ok(content) = bytes::with_buffer(&content, <[u8]>::to_vec) {
            content
        } else {
            return Ok(SummaryAnswer::Invalid(format!(
                "error handling summary object {key}: invalid type {}, it needs to be a string or ArrayBuffer",
                go_type(&content)
            )));
        };
        contents.push((key, content));
    }
    Ok(SummaryAnswer::Contents(contents))
}

/// k6: what Go sees as a map: neither an array nor a function nor a `Map`.
fn is_map(object: &Object<'_>) -> bool {
    !object.is_array() && !object.is_function() && !is_a(object, "Map") && !is_a(object, "Set")
}

fn is_a(object: &Object<'_>, class: &str) -> bool {
    let class = object.ctx().globals().get::<_, Object<'_>>(class);
    class.is_ok_and(|class| object.is_instance_of(class))
}

/// k6: the type that Go gives to a value, which its message names.
fn go_type(value: &Value<'_>) -> &'static str {
    if value.is_undefined() || value.is_null() {
        "<nil>"
    } else if value.is_bool() {
        "bool"
    } else if let Some(number) = value.as_number() {
        if number.fract() == 0.0 { "int64" } else { "float64" }
    } else if value.is_big_int() {
        "*big.Int"
    } else if value.is_array() {
        "[]interface {}"
    } else if value.is_function() {
        "func(sobek.FunctionCall) sobek.Value"
    } else if value.as_object().is_some_and(|object| is_a(object, "Date")) {
        "time.Time"
    } else {
        "map[string]interface {}"
    }
}
