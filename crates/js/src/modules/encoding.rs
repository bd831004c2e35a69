//! `k6/encoding`: base64 in its four forms.
//! <https://grafana.com/docs/k6/latest/javascript-api/k6-encoding/>

use base64::{
    DecodeError, Engine as _, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
};
use rquickjs::{Ctx, Exception, IntoJs, Object, Value, function::Opt};

use super::{bytes, native, native::NativeModule};
use crate::interop::{self, bytes::array_buffer};

pub(super) struct Encoding;

impl NativeModule for Encoding {
    const EXPORTS: &'static [&'static str] = &["b64encode", "b64decode"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        native::set(exports, "b64encode", native::function(ctx, encode))?;
        native::set(exports, "b64decode", native::function(ctx, decode))
    }
}

const PADDED: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
const RAW: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::RequireNone);

/// RFC 4648 §4 and §5, padded and not.
pub(super) const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, PADDED);
pub(super) const RAW_STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, RAW);
pub(super) const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, PADDED);
pub(super) const RAW_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, RAW);

/// k6: what it does not know is the standard one.
fn engine(encoding: Option<&Value<'_>>) -> GeneralPurpose {
    match encoding.map(interop::display).as_deref() {
        Some("rawstd") => RAW_STANDARD,
        Some("url") => URL,
        Some("rawurl") => RAW_URL,
        Some(_) | None => STANDARD,
    }
}

fn is_raw(encoding: Option<&Value<'_>>) -> bool {
    encoding.is_some_and(|encoding| interop::display(encoding).starts_with("raw"))
}

fn encode<'js>(
    ctx: Ctx<'js>,
    input: Opt<Value<'js>>,
    encoding: Opt<Value<'js>>,
) -> rquickjs::Result<String> {
    let input =
        bytes::of(&ctx, input.0).map_err(|bad| Exception::throw_message(&ctx, &bad.to_string()))?;
    Ok(engine(encoding.0.as_ref()).encode(input))
}

fn decode<'js>(
    ctx: Ctx<'js>,
    input: Opt<Value<'js>>,
    encoding: Opt<Value<'js>>,
    format: Opt<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let input = input.0.filter(|input| !input.is_undefined() && !input.is_null());
    let mut text = input.map(|input| interop::display(&input)).unwrap_or_default();
    // k6: line ends mean nothing.
    text.retain(|character| !matches!(character, '\r' | '\n'));
    let decoded = engine(encoding.0.as_ref()).decode(&text).map_err(|error| {
        let at = match error {
            DecodeError::InvalidByte(at, _) => at,
            DecodeError::InvalidPadding if is_raw(encoding.0.as_ref()) => {
                text.find('=').unwrap_or(text.len())
            }
            // The group that is not complete, or not as it should be.
            _ => text.len().saturating_sub(1) / 4 * 4,
        };
        // k6: its words.
        Exception::throw_message(&ctx, &format!("illegal base64 data at input byte {at}"))
    })?;
    let is_text = format.0.is_some_and(|format| interop::display(&format) == "s");
    if is_text {
        String::from_utf8_lossy(&decoded).into_js(&ctx)
    } else {
        array_buffer(&ctx, decoded)?.into_js(&ctx)
    }
}
