//! What an object has of its own, and accessors on the global object.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use rquickjs::{
    Ctx, Error, Exception, Function, Object, Result, Value,
    object::{AsProperty, PropertyFlags},
    qjs,
};

/// Whether the object itself, not one that it inherits from, has a property.
pub(crate) fn has_own(object: &Object<'_>, name: &str) -> Result<bool> {
    Ok(!matches!(own(object, name)?, Own::Nothing))
}

/// Whether the object has that value under the name, of its own and not by an accessor.
pub(crate) fn is_own<'js>(object: &Object<'js>, name: &str, value: &Value<'js>) -> Result<bool> {
    Ok(descriptor(object, name)?.is_some_and(|it| !it.is_accessor() && it.value == *value))
}

/// What an object has of its own under some name.
pub(super) enum Own<'js> {
    Nothing,
    Value,
    Getter(Value<'js>),
}

pub(super) fn own<'js>(object: &Object<'js>, name: &str) -> Result<Own<'js>> {
    Ok(match descriptor(object, name)? {
        None => Own::Nothing,
        Some(it) if it.is_accessor() => Own::Getter(it.getter),
        Some(_) => Own::Value,
    })
}

/// A property that was taken away, to be put back as it was.
pub(crate) struct Taken<'js> {
    flags: u32,
    value: Value<'js>,
    getter: Value<'js>,
    setter: Value<'js>,
}

impl Taken<'_> {
    fn is_accessor(&self) -> bool {
        self.flags & qjs::JS_PROP_GETSET != 0
    }
}

/// Takes a property away. Nothing if there is none.
///
/// # Errors
/// A `TypeError` if it can't be taken away.
pub(crate) fn take<'js>(object: &Object<'js>, name: &str) -> Result<Option<Taken<'js>>> {
    let Some(taken) = descriptor(object, name)? else { return Ok(None) };
    if taken.flags & qjs::JS_PROP_CONFIGURABLE == 0 {
        let message =
            format!("`{name}` is fixed on the global object, and something needs the first one");
        return Err(Exception::throw_type(object.ctx(), &message));
    }
    object.remove(name)?;
    Ok(Some(taken))
}

/// Puts a property back, in place of what is there.
///
/// # Errors
/// When the object does not take it.
pub(crate) fn put_back(object: &Object<'_>, name: &str, taken: &Taken<'_>) -> Result<()> {
    let ctx = object.ctx().as_raw().as_ptr();
    let has = if taken.is_accessor() {
        qjs::JS_PROP_HAS_GET | qjs::JS_PROP_HAS_SET
    } else {
        qjs::JS_PROP_HAS_VALUE | qjs::JS_PROP_HAS_WRITABLE
    };
    let has = has | qjs::JS_PROP_HAS_ENUMERABLE | qjs::JS_PROP_HAS_CONFIGURABLE;
    let flags = (taken.flags | has | qjs::JS_PROP_THROW).cast_signed();
    let atom = Name::new(object.ctx(), name)?;
    // SAFETY: all values are alive, and the call takes no ownership of any.
    let done = unsafe {
        qjs::JS_DefineProperty(
            ctx,
            object.as_raw(),
            atom.raw,
            taken.value.as_raw(),
            taken.getter.as_raw(),
            taken.setter.as_raw(),
            flags,
        )
    };
    if done < 0 { Err(Error::Exception) } else { Ok(()) }
}

fn descriptor<'js>(object: &Object<'js>, name: &str) -> Result<Option<Taken<'js>>> {
    let ctx = object.ctx();
    let atom = Name::new(ctx, name)?;
    let mut descriptor = std::mem::MaybeUninit::<qjs::JSPropertyDescriptor>::uninit();
    // SAFETY: the values are alive. The descriptor is filled if there is a property, and what it holds is owned.
    unsafe {
        let raw = ctx.as_raw().as_ptr();
        match qjs::JS_GetOwnProperty(raw, descriptor.as_mut_ptr(), object.as_raw(), atom.raw) {
            0 => return Ok(None),
            found if found < 0 => return Err(Error::Exception),
            _ => {}
        }
        let descriptor = descriptor.assume_init();
        Ok(Some(Taken {
            flags: descriptor.flags.cast_unsigned(),
            value: Value::from_raw(ctx.clone(), descriptor.value),
            getter: Value::from_raw(ctx.clone(), descriptor.getter),
            setter: Value::from_raw(ctx.clone(), descriptor.setter),
        }))
    }
}

/// The engine's number of a name.
struct Name<'a, 'js> {
    ctx: &'a Ctx<'js>,
    raw: qjs::JSAtom,
}

impl<'a, 'js> Name<'a, 'js> {
    fn new(ctx: &'a Ctx<'js>, name: &str) -> Result<Self> {
        // SAFETY: the context is alive, and the text is copied.
        let raw = unsafe {
            qjs::JS_NewAtomLen(ctx.as_raw().as_ptr(), name.as_ptr().cast(), name.len() as _)
        };
        // The engine's number for none.
        if raw == 0 { Err(Error::Exception) } else { Ok(Self { ctx, raw }) }
    }
}

impl Drop for Name<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: the number is ours.
        unsafe { qjs::JS_FreeAtom(self.ctx.as_raw().as_ptr(), self.raw) };
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
