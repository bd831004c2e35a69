//! What an object has of its own, and accessors on the global object.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use rquickjs::{
    Ctx, Error, Function, Object, Result, Value,
    object::{AsProperty, PropertyFlags},
    qjs,
};

/// Whether the object itself, not one that it inherits from, has a property.
pub(crate) fn has_own(object: &Object<'_>, name: &str) -> Result<bool> {
    Ok(!matches!(own(object, name)?, Own::Nothing))
}

/// What an object has of its own.
pub(super) enum Own<'js> {
    Nothing,
    Value,
    Getter(Value<'js>),
}

pub(super) fn own<'js>(object: &Object<'js>, name: &str) -> Result<Own<'js>> {
    let ctx = object.ctx();
    let raw = ctx.as_raw().as_ptr();
    let mut descriptor = std::mem::MaybeUninit::<qjs::JSPropertyDescriptor>::uninit();
    // SAFETY: the values are alive and the name is copied. The descriptor is filled if there is a property, and what it
    // holds is owned.
    unsafe {
        let atom = qjs::JS_NewAtomLen(raw, name.as_ptr().cast(), name.len() as _);
        let found = qjs::JS_GetOwnProperty(raw, descriptor.as_mut_ptr(), object.as_raw(), atom);
        qjs::JS_FreeAtom(raw, atom);
        match found {
            -1 => return Err(Error::Exception),
            0 => return Ok(Own::Nothing),
            _ => {}
        }
        let descriptor = descriptor.assume_init();
        drop(Value::from_raw(ctx.clone(), descriptor.value));
        drop(Value::from_raw(ctx.clone(), descriptor.setter));
        let getter = Value::from_raw(ctx.clone(), descriptor.getter);
        let is_accessor = descriptor.flags & qjs::JS_PROP_GETSET.cast_signed() != 0;
        Ok(if is_accessor { Own::Getter(getter) } else { Own::Value })
    }
}

/// Not enumerable, as globals are.
pub(super) struct OwnAccessor<'js>(pub(super) Function<'js>);

/// Only tells our implementation of [`AsProperty`] from rquickjs's own.
pub(super) struct Both;

impl<'js> AsProperty<'js, Both> for OwnAccessor<'js> {
    fn config(self, ctx: &Ctx<'js>) -> Result<(PropertyFlags, Value<'js>, Value<'js>, Value<'js>)> {
        let flags = qjs::JS_PROP_HAS_GET
            | qjs::JS_PROP_HAS_SET
            | qjs::JS_PROP_HAS_CONFIGURABLE
            | qjs::JS_PROP_CONFIGURABLE
            | qjs::JS_PROP_HAS_ENUMERABLE;
        let both = self.0.into_value();
        Ok((flags.cast_signed(), Value::new_undefined(ctx.clone()), both.clone(), both))
    }
}
