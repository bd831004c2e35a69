//! The array that a script sees: a proxy whose elements are made when they are asked for, each time
//! anew, and frozen. k6: also what can't be done to it, and the words.

use std::sync::Arc;

use rquickjs::{
    Array, Class, Ctx, Exception, IntoJs, Object, Result, Value,
    proxy::{Proxy, ProxyHandler},
};

use super::frozen;
use crate::{
    interop,
    runtime::call::Call,
    vu::shared_arrays::SharedArray,
    web::opaque::{Interface, Opaque, argument, native, receiver},
};

/// The payload of a proxy's handler.
struct Handler(Arc<SharedArray>);

impl Interface for Handler {
    const NAME: &'static str = "SharedArray";
}

/// The array over `shared`.
pub(in crate::modules) fn proxy<'js>(
    ctx: &Ctx<'js>,
    shared: Arc<SharedArray>,
) -> Result<Value<'js>> {
    let traps = traps(ctx)?;
    let handler = Class::instance_proto(Opaque(Handler(shared)), traps)?.into_inner();
    // An array, so that it is one for `Array.isArray` and has the methods of one.
    let target = Array::new(ctx.clone())?;
    let handler = ProxyHandler::from_object(handler)?;
    Proxy::new(ctx.clone(), target, handler)?.into_js(ctx)
}

/// The traps of all shared arrays of the VU.
fn traps<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let traps = interop::hidden(ctx, "sockeye.sharedArray")?;
    if traps.contains_key("get")? {
        return Ok(traps);
    }
    let trap = |name: &str, call: for<'a> fn(Call<'a, 'js>) -> Result<Value<'js>>| {
        traps.set(name, native(ctx, name, 0, call)?)
    };
    trap("get", |params| get(&params))?;
    trap("has", |params| has(&params))?;
    trap("set", |params| set(&params))?;
    trap("deleteProperty", |params| delete(&params))?;
    trap("ownKeys", |params| own_keys(&params))?;
    trap("getOwnPropertyDescriptor", |params| describe(&params))?;
    trap("defineProperty", |params| Err(immutable(params.ctx())))?;
    trap("preventExtensions", |params| {
        let message = "Cannot make a dynamic object non-extensible";
        Err(Exception::throw_type(params.ctx(), message))
    })?;
    Ok(traps)
}

/// What a property's key names.
enum Key {
    Index(usize),
    Length,
    Other,
}

impl Key {
    /// The second argument of a trap.
    fn of(params: &Call<'_, '_>) -> Self {
        let key = argument(params, 1).into_string().and_then(|key| key.to_string().ok());
        match key.as_deref() {
            Some("length") => Self::Length,
            // ECMA-262 "array index": decimal, without leading zeros.
            Some(key) if key == "0" || !key.starts_with(['0', '+']) => {
                key.parse().map_or(Self::Other, Self::Index)
            }
            Some(_) | None => Self::Other,
        }
    }
}

fn get<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    match Key::of(params) {
        Key::Index(index) => element(params, index)
            .map(|element| element.unwrap_or_else(|| Value::new_undefined(ctx.clone()))),
        Key::Length => length(params),
        Key::Other => target(params)?.get(argument(params, 1)),
    }
}

fn has<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let has = match Key::of(params) {
        Key::Index(index) => index < receiver::<Handler>(params)?.borrow().0.0.len(),
        Key::Length => true,
        Key::Other => target(params)?.contains_key(argument(params, 1))?,
    };
    has.into_js(params.ctx())
}

fn set<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    match Key::of(params) {
        Key::Index(_) | Key::Length => Err(immutable(ctx)),
        Key::Other => {
            let key = interop::display(&argument(params, 1));
            let message = format!("Cannot set property \"{key}\" on a dynamic array");
            Err(Exception::throw_type(ctx, &message))
        }
    }
}

fn delete<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    match Key::of(params) {
        Key::Index(index) if index < receiver::<Handler>(params)?.borrow().0.0.len() => {
            Err(immutable(ctx))
        }
        Key::Length => {
            let message = "Cannot delete property \"length\" on a dynamic array";
            Err(Exception::throw_type(ctx, message))
        }
        Key::Index(_) | Key::Other => true.into_js(ctx),
    }
}

fn own_keys<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let len = receiver::<Handler>(params)?.borrow().0.0.len();
    let keys = Array::new(ctx.clone())?;
    for index in 0..len {
        keys.set(index, index.to_string())?;
    }
    keys.set(len, "length")?;
    keys.into_js(ctx)
}

fn describe<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let (value, is_element) = match Key::of(params) {
        Key::Index(index) => (element(params, index)?, true),
        Key::Length => (Some(length(params)?), false),
        Key::Other => (None, false),
    };
    let Some(value) = value else { return Ok(Value::new_undefined(ctx.clone())) };
    let descriptor = Object::new(ctx.clone())?;
    descriptor.set("value", value)?;
    descriptor.set("writable", true)?;
    descriptor.set("enumerable", is_element)?;
    descriptor.set("configurable", is_element)?;
    descriptor.into_js(ctx)
}

fn element<'js>(params: &Call<'_, 'js>, index: usize) -> Result<Option<Value<'js>>> {
    let handler = receiver::<Handler>(params)?;
    let handler = handler.borrow();
    handler.0.0.get(index).map(|json| frozen::parse(params.ctx(), json)).transpose()
}

fn length<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    receiver::<Handler>(params)?.borrow().0.0.len().into_js(params.ctx())
}

fn target<'js>(params: &Call<'_, 'js>) -> Result<Object<'js>> {
    argument(params, 0).get()
}

fn immutable(ctx: &Ctx<'_>) -> rquickjs::Error {
    Exception::throw_type(ctx, "SharedArray is immutable")
}
