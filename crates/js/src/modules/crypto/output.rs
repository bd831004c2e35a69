//! How a script wants to have a hash.

use std::fmt::Write as _;

use base64::Engine as _;
use rquickjs::{Ctx, Exception, IntoJs, Value};

use crate::{
    interop::{self, bytes::array_buffer},
    modules::encoding,
};

/// The bytes in the encoding that a script names. k6: which there are, and the words.
pub(super) fn encode<'js>(
    ctx: &Ctx<'js>,
    bytes: Vec<u8>,
    encoding: Option<&Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let name = encoding.filter(|name| !name.is_undefined() && !name.is_null());
    let name = name.map(interop::display).unwrap_or_default();
    match name.as_str() {
        "hex" => hex(&bytes).into_js(ctx),
        "base64" => encoding::STANDARD.encode(bytes).into_js(ctx),
        "base64url" => encoding::URL.encode(bytes).into_js(ctx),
        "base64rawurl" => encoding::RAW_URL.encode(bytes).into_js(ctx),
        "binary" => array_buffer(ctx, bytes)?.into_js(ctx),
        _ => Err(Exception::throw_message(ctx, &format!("invalid output encoding: {name}"))),
    }
}

/// Two digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
