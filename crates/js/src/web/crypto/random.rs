//! `crypto`: Web Cryptography §10.

use rquickjs::{Class, Ctx, Exception, IntoJs as _, Result, Value};

use super::SUBTLE;
use crate::{
    interop::bytes::{Container, NoBytes, container, with_bytes_mut},
    runtime::call::Call,
    runtime::member::{Member, getter, method},
    runtime::{builtins::throw_dom, late},
    web::{
        lazy,
        opaque::{Interface, Opaque, Shape, argument, illegal_constructor, receiver, require},
    },
};

type Random = fn(&mut [u8]) -> std::result::Result<(), getrandom::Error>;

pub(in crate::web) fn make(ctx: &Ctx<'_>) -> Result<()> {
    let crypto = Shape::new(ctx, "Crypto", 0, |params| Err(illegal_constructor(params.ctx())))?
        .members(CRYPTO)?;
    crypto.publish("Crypto")?;
    let instance = Class::instance_proto(Opaque(Crypto), crypto.prototype().clone())?;
    late::publish(ctx, "crypto", instance.into_value())
}

static CRYPTO: &[Member] = &[
    method(c"getRandomValues", 1, |params| {
        receiver::<Crypto>(&params)?;
        fill(&params, lazy::host(params.ctx())?.random)
    }),
    method(c"randomUUID", 0, |params| {
        receiver::<Crypto>(&params)?;
        uuid(params.ctx(), lazy::host(params.ctx())?.random)
    }),
    getter(c"subtle", |params| {
        receiver::<Crypto>(&params)?;
        lazy::function_of(params.ctx(), &SUBTLE, "subtle")?.call(())
    }),
];

struct Crypto;

impl Interface for Crypto {
    const NAME: &'static str = "Crypto";
}

/// Web Cryptography §10.1.1: more than this at once is refused.
const QUOTA: usize = 65_536;

fn fill<'js>(params: &Call<'_, 'js>, random: Random) -> Result<Value<'js>> {
    let ctx = params.ctx();
    require(params, 1)?;
    let array = argument(params, 0);
    match container(&array) {
        Some(Container::IntegerArray) => {}
        Some(Container::FloatArray | Container::DataView) => {
            return Err(throw_dom(
                ctx,
                "TypeMismatchError",
                "the array's elements are not integers",
            ));
        }
        Some(Container::Buffer) | None => {
            return Err(Exception::throw_type(ctx, "value is not an ArrayBufferView"));
        }
    }
    match with_bytes_mut(&array, |bytes| {
        if bytes.len() > QUOTA { Err(bytes.len()) } else { Ok(random(bytes)) }
    }) {
        Ok(Ok(Ok(()))) | Err(NoBytes::Detached) => Ok(array),
        Ok(Ok(Err(error))) => Err(throw_dom(ctx, "OperationError", &error.to_string())),
        Ok(Err(len)) => {
            let message =
                format!("{len} bytes of randomness are more than the {QUOTA} that one call gives");
            Err(throw_dom(ctx, "QuotaExceededError", &message))
        }
        Err(error @ NoBytes::NotBytes) => Err(error.throw(ctx)),
    }
}

/// RFC 9562 §5.4.
fn uuid<'js>(ctx: &Ctx<'js>, random: Random) -> Result<Value<'js>> {
    let mut bytes = [0; 16];
    random(&mut bytes).map_err(|error| throw_dom(ctx, "OperationError", &error.to_string()))?;
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let mut text = [0; 36];
    let mut at = 0;
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text[at] = b'-';
            at += 1;
        }
        text[at] = HEX[usize::from(byte >> 4)];
        text[at + 1] = HEX[usize::from(byte & 0xF)];
        at += 2;
    }
    str::from_utf8(&text).unwrap_or_default().into_js(ctx)
}

const HEX: &[u8; 16] = b"0123456789abcdef";
