//! What `setup` returned, as the JSON of which each VU makes a copy of its own.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{Coerced, Ctx, IntoJs as _, Persistent, Value};

use super::{deep_json, options::beyond_json, returned};
use crate::{
    interop::{self, bytes::usv_string},
    runtime::native::function,
};

/// What the function returned, or what its promise was fulfilled with; `None` for `undefined`. What JSON can't say is
/// told, with where it is: a run without it would be another test.
pub(super) fn json(
    ctx: &Ctx<'_>,
    value: Persistent<Value<'static>>,
) -> rquickjs::Result<Result<Option<String>, String>> {
    let value = returned::value(ctx, value)?;
    if value.is_undefined() {
        return Ok(Ok(None));
    }
    stringify(ctx, value)
}

fn stringify<'js>(
    ctx: &Ctx<'js>,
    data: Value<'js>,
) -> rquickjs::Result<Result<Option<String>, String>> {
    let unsayable = Rc::new(RefCell::new(None));
    let found = unsayable.clone();
    let look = move |ctx: Ctx<'js>, key: Coerced<String>, value: Value<'js>| {
        // k6: a symbol is what it is described by.
        if let Some(symbol) = value.as_symbol() {
            let described = symbol.description()?;
            return if described.is_undefined() {
                String::new().into_js(&ctx)
            } else {
                Ok(described)
            };
        }
        if let Some(what) = beyond_json(&value) {
            let key = key.0;
            let place = if key.is_empty() { String::new() } else { format!(" at `{key}`") };
            found.borrow_mut().get_or_insert(format!("{BEGINNING}{place}: {what}"));
        }
        // k6: a BigInt is a number. What is of none of the other types is one, short ones too.
        let is_big_int = !(value.is_object()
            || value.is_number()
            || value.is_string()
            || value.is_bool()
            || value.is_null()
            || value.is_undefined());
        if is_big_int {
            usv_string(&ctx, value)?.parse::<f64>().unwrap_or_default().into_js(&ctx)
        } else {
            Ok(value)
        }
    };
    let look = function(ctx, look)?;
    let written = match ctx.json_stringify_replacer(data.clone(), look.clone()) {
        Ok(text) => text.map(|text| usv_string(ctx, text.into_value())).transpose(),
        Err(error) if error.is_exception() => {
            let thrown = ctx.catch();
            if is_too_deep(&thrown) {
                deep_json::stringify(ctx, data, &look)
            } else {
                Err(ctx.throw(thrown))
            }
        }
        Err(error) => Err(error),
    };
    let text = match written {
        Ok(text) => text,
        Err(error) if error.is_exception() => {
            let thrown = ctx.catch();
            if thrown.is_uncatchable_error() {
                return Err(ctx.throw(thrown));
            }
            return Ok(Err(format!("{BEGINNING}: {}", interop::display(&thrown))));
        }
        Err(error) => return Err(error),
    };
    if let Some(unsayable) = unsayable.take() {
        return Ok(Err(unsayable));
    }
    Ok(Ok(text))
}

/// Whether the engine found no more stack to follow it on.
fn is_too_deep(thrown: &Value<'_>) -> bool {
    !thrown.is_uncatchable_error()
        && interop::display(thrown) == "RangeError: Maximum call stack size exceeded"
}

/// k6: how it begins.
const BEGINNING: &str = "error marshaling setup() data to JSON";
