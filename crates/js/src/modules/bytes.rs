//! What `k6/crypto` and `k6/encoding` take for data: text, an `ArrayBuffer` or a view of one.

use rquickjs::{Ctx, Value};

use crate::interop::bytes::{usv_string, with_buffer};

/// What is no data.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadBytes {
    /// k6: its words, which name Go's type.
    #[error("invalid type {0}, expected string, []byte or ArrayBuffer")]
    Type(&'static str),
    /// The text could not be had.
    #[error("the text can't be read")]
    Text,
}

/// A copy of the bytes of `value`; text is UTF-8.
pub(super) fn of<'js>(ctx: &Ctx<'js>, value: Option<Value<'js>>) -> Result<Vec<u8>, BadBytes> {
    let Some(value) = value else { return Err(BadBytes::Type("<nil>")) };
    if value.is_string() {
        return usv_string(ctx, value).map(String::into_bytes).map_err(|_| {
            ctx.catch();
            BadBytes::Text
        });
    }
    with_buffer(&value, <[u8]>::to_vec).map_err(|_| BadBytes::Type(name(&value)))
}

fn name(value: &Value<'_>) -> &'static str {
    match value.as_number() {
        Some(number) if number.fract() == 0.0 => "int64",
        Some(_) => "float64",
        None if value.is_undefined() || value.is_null() => "<nil>",
        None if value.is_bool() => "bool",
        None if value.is_array() => "[]interface {}",
        None => "map[string]interface {}",
    }
}
