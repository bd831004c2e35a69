//! Copies of objects that contain no others, for `clone.rs`, and the constructors and methods that copying calls.

use rquickjs::{
    Coerced, Ctx, FromJs as _, Function, Object, Result, Value,
    function::{Constructor, This},
    object::Property,
};

use super::clone::refuse;
use crate::{interop::bytes::usv_string, runtime::late};

/// A copy of a wrapper object: `Object(value.valueOf())`, whatever the script did to `valueOf`.
pub(super) fn wrapper<'js>(ctx: &Ctx<'js>, object: &Object<'js>) -> Result<Value<'js>> {
    for class in ["Boolean", "Number", "String", "BigInt"] {
        match call::<Value<'js>>(ctx, class, "valueOf", object) {
            Ok(value) => {
                let wrap: Function<'js> = ctx.globals().get("Object")?;
                return wrap.call((value,));
            }
            // Not this class.
            Err(error) if error.is_exception() => drop(ctx.catch()),
            Err(error) => return Err(error),
        }
    }
    Err(refuse(ctx, "the object cannot be cloned"))
}

/// HTML "StructuredSerializeInternal", the branch for errors, but for the `cause`.
pub(super) fn error<'js>(ctx: &Ctx<'js>, object: &Object<'js>) -> Result<Value<'js>> {
    let name: Value<'js> = object.get("name")?;
    let name = if name.is_undefined() { "Error".to_owned() } else { usv_string(ctx, name)? };
    let class = match name.as_str() {
        "EvalError" | "RangeError" | "ReferenceError" | "SyntaxError" | "TypeError"
        | "URIError" => name.as_str(),
        _ => "Error",
    };
    let describe: Function<'js> = interface(ctx, "Object")?.get("getOwnPropertyDescriptor")?;
    let message: Option<Object<'js>> = describe.call((object.clone(), "message"))?;
    let constructor = constructor(ctx, class)?;
    let copy: Object<'js> = match message {
        Some(message) if message.contains_key("value")? => {
            let message = Coerced::<rquickjs::String<'js>>::from_js(ctx, message.get("value")?)?.0;
            constructor.construct((message,))?
        }
        _ => constructor.construct(())?,
    };
    keep_stack(object, &copy)?;
    Ok(copy.into_value())
}

/// The copy tells where the original was made.
pub(super) fn keep_stack<'js>(from: &Object<'js>, to: &Object<'js>) -> Result<()> {
    let stack: Value<'js> = from.get("stack")?;
    if stack.is_string() {
        to.prop("stack", Property::from(stack).writable().configurable())
    } else {
        Ok(())
    }
}

pub(super) fn interface<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Object<'js>> {
    late::first(ctx, name)?.get()
}

pub(super) fn interface_prototype<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Option<Object<'js>>> {
    interface(ctx, name)?.get("prototype")
}

pub(super) fn constructor<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Constructor<'js>> {
    late::first(ctx, name)?.get()
}

/// `Class.prototype.method.call(object)`.
pub(super) fn call<'js, R: rquickjs::FromJs<'js>>(
    ctx: &Ctx<'js>,
    class: &str,
    method: &str,
    object: &Object<'js>,
) -> Result<R> {
    let prototype = interface_prototype(ctx, class)?.ok_or(rquickjs::Error::Unknown)?;
    let method: Function<'js> = prototype.get(method)?;
    method.call((This(object.clone()),))
}
