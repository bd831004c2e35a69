//! `new SharedArray(name, function)`.

use rquickjs::{Ctx, Exception, Function, Object, Value};

use super::proxy;
use crate::{
    interop::bytes::{usv_string, with_usv_str},
    modules::{k6::is_async, native::NativeModule},
    vu::{
        Host, Phase,
        shared_arrays::{Claim, SharedArray},
    },
    web::opaque::{argument, native},
};

pub(in crate::modules) struct Data;

impl NativeModule for Data {
    const EXPORTS: &'static [&'static str] = &["SharedArray"];

    fn fill<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<()> {
        // k6: it works without `new` too.
        let shared_array = native(ctx, "SharedArray", 2, |params| {
            construct(params.ctx(), argument(&params, 0), &argument(&params, 1))
        })?;
        let shared_array = shared_array.with_constructor(true);
        // k6: an array is an instance of `Array` alone, but it may be asked.
        shared_array.prop("prototype", Object::new(ctx.clone())?)?;
        exports.set("SharedArray", shared_array)
    }
}

/// k6: what is checked, in which order, and the words.
fn construct<'js>(
    ctx: &Ctx<'js>,
    name: Value<'js>,
    make: &Value<'js>,
) -> rquickjs::Result<Value<'js>> {
    let host = Host::of(ctx)?;
    if host.phase.get() != Phase::Init {
        let message = "new SharedArray must be called in the init context";
        return Err(Exception::throw_message(ctx, message));
    }
    let name = usv_string(ctx, name)?;
    if name.is_empty() {
        let message = "empty name provided to SharedArray's constructor";
        return Err(Exception::throw_message(ctx, message));
    }
    let Some(make) = make.as_function() else {
        let message = "a function is expected as the second argument of SharedArray's constructor";
        return Err(Exception::throw_message(ctx, message));
    };
    if is_async(make)? {
        let message = "SharedArray constructor does not support async functions as second argument";
        return Err(Exception::throw_message(ctx, message));
    }
    let arrays = &host.process.shared_arrays;
    let array = match arrays.claim(&name) {
        Claim::Ready(array) => array,
        Claim::Mine => arrays.settle(&name, elements(ctx, make))?,
    };
    proxy(ctx, array)
}

/// What the script's function returns, as JSON.
fn elements<'js>(ctx: &Ctx<'js>, make: &Function<'js>) -> rquickjs::Result<SharedArray> {
    let returned: Value<'js> = make.call(())?;
    if returned.is_undefined() || returned.is_null() {
        return Err(Exception::throw_type(ctx, "Cannot convert undefined or null to object"));
    }
    let Some(elements) = returned.as_array() else {
        return Err(Exception::throw_message(ctx, "only arrays can be made into SharedArray"));
    };
    let mut array = SharedArray::default();
    for element in elements.iter::<Value<'js>>() {
        match ctx.json_stringify(element?)? {
            Some(json) => with_usv_str(ctx, json.into_value(), |json| array.push(json))?,
            // What JSON can't say is `null` in arrays.
            None => array.push("null"),
        }
    }
    array.shrink();
    Ok(array)
}
