//! What the module exports.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{Coerced, Ctx, Exception, IntoJs, Object, Value, function::Opt};

use super::{
    algorithm::{self, Hashing},
    output,
};
use crate::{
    interop::{self, bytes::array_buffer},
    modules::{bytes, native, native::NativeModule},
};

pub(in crate::modules) struct Crypto;

impl NativeModule for Crypto {
    const EXPORTS: &'static [&'static str] = &[
        "createHash",
        "createHMAC",
        "hexEncode",
        "hmac",
        "md4",
        "md5",
        "randomBytes",
        "ripemd160",
        "sha1",
        "sha256",
        "sha384",
        "sha512",
        "sha512_224",
        "sha512_256",
    ];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        native::set(exports, "createHash", native::function(ctx, create_hash))?;
        native::set(exports, "createHMAC", native::function(ctx, create_hmac))?;
        native::set(exports, "hexEncode", native::function(ctx, hex_encode))?;
        native::set(exports, "hmac", native::function(ctx, hmac))?;
        native::set(exports, "randomBytes", native::function(ctx, random_bytes))?;
        for &name in algorithm::NAMES {
            let hash = move |ctx: Ctx<'js>, input: Opt<Value<'js>>, encoding: Opt<Value<'js>>| {
                hash(&ctx, name, input.0, encoding.0.as_ref())
            };
            native::set(exports, name, native::function(ctx, hash))?;
        }
        Ok(())
    }
}

fn hash<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    input: Option<Value<'js>>,
    encoding: Option<&Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    // k6: its words.
    let input = bytes::of(ctx, input)
        .map_err(|bad| Exception::throw_message(ctx, &format!("{name} failed: {bad}")))?;
    let mut hash = known(ctx, name, algorithm::hash(name))?;
    hash.update(&input);
    output::encode(ctx, hash.digest(), encoding)
}

fn hmac<'js>(
    ctx: Ctx<'js>,
    name: Opt<Value<'js>>,
    key: Opt<Value<'js>>,
    data: Opt<Value<'js>>,
    encoding: Opt<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let mut hmac = new_hmac(&ctx, name.0, key.0)?;
    hmac.update(&data_of(&ctx, data.0)?);
    output::encode(&ctx, hmac.digest(), encoding.0.as_ref())
}

fn create_hash<'js>(ctx: Ctx<'js>, name: Opt<Value<'js>>) -> rquickjs::Result<Object<'js>> {
    let name = text(name.0);
    hasher(&ctx, known(&ctx, &name, algorithm::hash(&name))?)
}

fn create_hmac<'js>(
    ctx: Ctx<'js>,
    name: Opt<Value<'js>>,
    key: Opt<Value<'js>>,
) -> rquickjs::Result<Object<'js>> {
    let hmac = new_hmac(&ctx, name.0, key.0)?;
    hasher(&ctx, hmac)
}

fn new_hmac<'js>(
    ctx: &Ctx<'js>,
    name: Option<Value<'js>>,
    key: Option<Value<'js>>,
) -> rquickjs::Result<Box<dyn Hashing>> {
    let name = text(name);
    if !algorithm::NAMES.contains(&name.as_str()) {
        return Err(unknown(ctx, &name));
    }
    let key = data_of(ctx, key)?;
    known(ctx, &name, algorithm::hmac(&name, &key))
}

/// k6: an object with methods of its own, which work without it too.
fn hasher<'js>(ctx: &Ctx<'js>, hash: Box<dyn Hashing>) -> rquickjs::Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    let hash = Rc::new(RefCell::new(hash));
    let state = hash.clone();
    let update = move |ctx: Ctx<'js>, data: Opt<Value<'js>>| {
        let data = data_of(&ctx, data.0)?;
        state.borrow_mut().update(&data);
        Ok::<_, rquickjs::Error>(())
    };
    let digest = move |ctx: Ctx<'js>, encoding: Opt<Value<'js>>| {
        let digest = hash.borrow().digest();
        output::encode(&ctx, digest, encoding.0.as_ref())
    };
    native::set(&object, "digest", native::function(ctx, digest))?;
    native::set(&object, "update", native::function(ctx, update))?;
    Ok(object)
}

fn hex_encode<'js>(ctx: Ctx<'js>, data: Opt<Value<'js>>) -> rquickjs::Result<String> {
    Ok(output::hex(&data_of(&ctx, data.0)?))
}

fn random_bytes<'js>(ctx: Ctx<'js>, size: Opt<Coerced<f64>>) -> rquickjs::Result<Value<'js>> {
    let size = size.0.map_or(0.0, |size| size.0.trunc());
    // k6: its words, and that none are no random bytes.
    if !(1.0..=MOST_RANDOM_BYTES).contains(&size) {
        return Err(Exception::throw_message(&ctx, "invalid size"));
    }
    let mut bytes = vec![0; size as usize];
    getrandom::fill(&mut bytes)
        .map_err(|error| Exception::throw_message(&ctx, &error.to_string()))?;
    array_buffer(&ctx, bytes)?.into_js(&ctx)
}

/// More than this in one call is a mistake.
const MOST_RANDOM_BYTES: f64 = (1_u32 << 30) as f64;

fn data_of<'js>(ctx: &Ctx<'js>, data: Option<Value<'js>>) -> rquickjs::Result<Vec<u8>> {
    bytes::of(ctx, data).map_err(|bad| Exception::throw_message(ctx, &bad.to_string()))
}

fn known<T>(ctx: &Ctx<'_>, name: &str, algorithm: Option<T>) -> rquickjs::Result<T> {
    algorithm.ok_or_else(|| unknown(ctx, name))
}

/// k6: its words.
fn unknown(ctx: &Ctx<'_>, name: &str) -> rquickjs::Error {
    Exception::throw_message(ctx, &format!("invalid algorithm: {name}"))
}

/// k6: nothing is an empty text.
fn text(value: Option<Value<'_>>) -> String {
    let value = value.filter(|value| !value.is_undefined() && !value.is_null());
    value.map(|value| interop::display(&value)).unwrap_or_default()
}
