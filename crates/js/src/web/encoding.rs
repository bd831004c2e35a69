//! `TextEncoder` and `TextDecoder`: WHATWG Encoding §7, by way of `encoding_rs`.

use std::cell::RefCell;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use rquickjs::{Ctx, Exception, FromJs as _, IntoJs as _, Object, Result, Value, convert::Coerced};

use super::opaque::{Interface, Shape, argument, construct, dictionary, receiver, require};
use crate::interop::bytes::{
    NoBytes, uint8_array, usv_string, with_buffer, with_bytes_mut, with_usv_str,
};
use crate::runtime::{
    call::Call,
    member::{Member, getter, method},
};

pub(super) fn make_encoder(ctx: &Ctx<'_>) -> Result<()> {
    Shape::new(ctx, "TextEncoder", 0, |params| construct(&params, TextEncoder))?
        .members(TEXT_ENCODER)?
        .publish("TextEncoder")
}

static TEXT_ENCODER: &[Member] = &[
    getter(c"encoding", |params| {
        receiver::<TextEncoder>(&params)?;
        "utf-8".into_js(params.ctx())
    }),
    method(c"encode", 0, |params| encode(&params)),
    method(c"encodeInto", 2, |params| encode_into(&params)),
];

pub(super) fn make_decoder(ctx: &Ctx<'_>) -> Result<()> {
    Shape::new(ctx, "TextDecoder", 0, |params| {
        let decoder = decoder(&params)?;
        construct(&params, decoder)
    })?
    .members(TEXT_DECODER)?
    .publish("TextDecoder")
}

static TEXT_DECODER: &[Member] = &[
    getter(c"encoding", |params| {
        receiver::<TextDecoder>(&params)?
            .borrow()
            .0
            .encoding
            .name()
            .to_ascii_lowercase()
            .into_js(params.ctx())
    }),
    getter(c"fatal", |params| {
        receiver::<TextDecoder>(&params)?.borrow().0.fatal.into_js(params.ctx())
    }),
    getter(c"ignoreBOM", |params| {
        receiver::<TextDecoder>(&params)?.borrow().0.ignore_bom.into_js(params.ctx())
    }),
    method(c"decode", 0, |params| decode(&params)),
];

struct TextEncoder;

impl Interface for TextEncoder {
    const NAME: &'static str = "TextEncoder";
}

fn encode<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    receiver::<TextEncoder>(params)?;
    let bytes = match argument(params, 0) {
        absent if absent.is_undefined() => Vec::new(),
        text => with_usv_str(ctx, text, |text| text.as_bytes().to_vec())?,
    };
    uint8_array(ctx, bytes)
}

/// Encoding §7.4.2: as many whole code points as fit.
fn encode_into<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    receiver::<TextEncoder>(params)?;
    require(params, 2)?;
    let source = usv_string(ctx, argument(params, 0))?;
    let destination = argument(params, 1);
    if !destination.as_object().is_some_and(Object::is_typed_array::<u8>) {
        return Err(Exception::throw_type(ctx, "the destination is not a Uint8Array"));
    }
    let fitted = with_bytes_mut(&destination, |out| {
        let end = source.floor_char_boundary(out.len());
        out[..end].copy_from_slice(&source.as_bytes()[..end]);
        end
    });
    let fitted = match fitted {
        Ok(end) => &source[..end],
        // A detached destination has no room.
        Err(NoBytes::Detached | NoBytes::NotBytes) => "",
    };
    let result = Object::new(ctx.clone())?;
    result.set("read", fitted.encode_utf16().count() as f64)?;
    result.set("written", fitted.len() as f64)?;
    Ok(result.into_value())
}

struct TextDecoder {
    encoding: &'static Encoding,
    fatal: bool,
    ignore_bom: bool,
    /// What is left of a stream: there while the last call said `stream: true`.
    stream: RefCell<Option<Decoder>>,
}

impl Interface for TextDecoder {
    const NAME: &'static str = "TextDecoder";
}

impl TextDecoder {
    fn start(&self) -> Decoder {
        if self.ignore_bom {
            self.encoding.new_decoder_without_bom_handling()
        } else {
            self.encoding.new_decoder_with_bom_removal()
        }
    }
}

fn decoder(params: &Call<'_, '_>) -> Result<TextDecoder> {
    let ctx = params.ctx();
    let label = match argument(params, 0) {
        absent if absent.is_undefined() => None,
        label => Some(usv_string(ctx, label)?),
    };
    let (fatal, ignore_bom) = match dictionary(ctx, &argument(params, 1))? {
        None => (false, false),
        Some(options) => (flag(&options, "fatal")?, flag(&options, "ignoreBOM")?),
    };
    let encoding = match &label {
        None => Some(UTF_8),
        Some(label) => Encoding::for_label_no_replacement(label.as_bytes()),
    };
    let Some(encoding) = encoding else {
        let label = label.unwrap_or_default();
        return Err(Exception::throw_range(ctx, &format!("unknown encoding label '{label}'")));
    };
    Ok(TextDecoder { encoding, fatal, ignore_bom, stream: RefCell::default() })
}

fn decode<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let this = receiver::<TextDecoder>(params)?;
    let input = argument(params, 0);
    let stream = match dictionary(ctx, &argument(params, 1))? {
        None => false,
        Some(options) => flag(&options, "stream")?,
    };
    let this = this.borrow();
    let this = &this.0;
    let mut left = this.stream.borrow_mut();
    let text = if input.is_undefined() {
        Ok(piece(this, &mut left, stream, b""))
    } else {
        with_buffer(&input, |bytes| piece(this, &mut left, stream, bytes))
    };
    match text {
        Ok(Some(text)) => text.into_js(ctx),
        Ok(None) => {
            *left = None;
            Err(Exception::throw_type(ctx, "the encoded data is not valid"))
        }
        Err(error) => Err(error.throw(ctx)),
    }
}

/// Encoding §7.2.1, "decode", steps 2 to 5. `None` for malformed input to a fatal decoder.
fn piece(
    this: &TextDecoder,
    left: &mut Option<Decoder>,
    stream: bool,
    bytes: &[u8],
) -> Option<String> {
    let mut decoder = left.take().unwrap_or_else(|| this.start());
    let last = !stream;
    let capacity = if this.fatal {
        decoder.max_utf8_buffer_length_without_replacement(bytes.len())
    } else {
        decoder.max_utf8_buffer_length(bytes.len())
    };
    let mut text = String::with_capacity(capacity?);
    if this.fatal {
        let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
        if let DecoderResult::Malformed(..) = result {
            return None;
        }
    } else {
        let _ = decoder.decode_to_string(bytes, &mut text, last);
    }
    if stream {
        *left = Some(decoder);
    }
    Some(text)
}

fn flag(options: &Object<'_>, name: &str) -> Result<bool> {
    let value: Value<'_> = options.get(name)?;
    Ok(Coerced::<bool>::from_js(options.ctx(), value)?.0)
}
