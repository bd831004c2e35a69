//! The object behind the global one, as the engine asks it.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{
    ffi::c_int,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::NonNull,
};

use rquickjs::{Ctx, Error, Function, Object, Result, Value, qjs};

use super::globals::{accessor, is_to_come, lates};
use crate::runtime::{member, realm};

/// Puts the object between the global one and what that inherited from.
///
/// # Errors
/// When memory is out.
pub(super) fn put_behind(ctx: &Ctx<'_>) -> Result<()> {
    let class = realm::asked_class(ctx, |runtime| {
        let mut class = qjs::JS_INVALID_CLASS_ID;
        let definition = qjs::JSClassDef {
            class_name: c"Global".as_ptr(),
            finalizer: None,
            gc_mark: None,
            call: None,
            exotic: (&raw const ASKED).cast_mut(),
        };
        // SAFETY: the runtime is alive, the definition is copied, and its methods are static.
        let made = unsafe {
            qjs::JS_NewClassID(runtime, &raw mut class);
            qjs::JS_NewClass(runtime, class, &raw const definition)
        };
        (made == 0).then_some(class).ok_or(Error::Allocation)
    })?;
    let parent = Object::new(ctx.clone())?.get_prototype().ok_or(Error::Unknown)?;
    // SAFETY: the context is alive, the class is one of its runtime's, and the value is owned.
    let asked = unsafe {
        let raw = ctx.as_raw().as_ptr();
        let object = qjs::JS_NewObjectProtoClass(raw, parent.as_raw(), class);
        if qjs::JS_IsException(object) {
            return Err(Error::Exception);
        }
        Value::from_raw(ctx.clone(), object)
    };
    ctx.globals().set_prototype(asked.as_object())
}

/// How the object behind the global one answers: as if it had an accessor for each global that is to come.
static ASKED: qjs::JSClassExoticMethods = qjs::JSClassExoticMethods {
    get_own_property: Some(get_own_property),
    get_own_property_names: None,
    delete_property: None,
    define_own_property: None,
    has_property: None,
    get_property: None,
    set_property: None,
};

/// The engine's question: 1 if there is the property, 0 if not, -1 with an exception.
unsafe extern "C" fn get_own_property(
    ctx: *mut qjs::JSContext,
    descriptor: *mut qjs::JSPropertyDescriptor,
    _object: qjs::JSValue,
    atom: qjs::JSAtom,
) -> c_int {
    let Some(raw) = NonNull::new(ctx) else { return 0 };
    let found = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the engine calls with a live context.
        let ctx = unsafe { Ctx::from_raw(raw) };
        find(&ctx, atom, !descriptor.is_null())
    }));
    match found {
        Ok(Ok(Found::Nothing)) => 0,
        Ok(Ok(Found::Something)) => 1,
        Ok(Ok(Found::Accessor(accessor))) => {
            let raw = accessor.as_raw();
            // SAFETY: the engine lends a descriptor to be filled, and takes over two references, made here.
            unsafe {
                descriptor.write(qjs::JSPropertyDescriptor {
                    flags: (qjs::JS_PROP_GETSET | qjs::JS_PROP_CONFIGURABLE).cast_signed(),
                    value: qjs::JS_UNDEFINED,
                    getter: qjs::JS_DupValue(ctx, raw),
                    setter: qjs::JS_DupValue(ctx, raw),
                });
            }
            1
        }
        Ok(Err(error)) => {
            // SAFETY: the engine calls with a live context.
            member::throw(&unsafe { Ctx::from_raw(raw) }, &error);
            -1
        }
        Err(_) => {
            // SAFETY: as above.
            member::throw_panic(&unsafe { Ctx::from_raw(raw) });
            -1
        }
    }
}

enum Found<'js> {
    Nothing,
    /// And nobody asked what.
    Something,
    Accessor(Function<'js>),
}

fn find<'js>(ctx: &Ctx<'js>, atom: qjs::JSAtom, wanted: bool) -> Result<Found<'js>> {
    let Ok(lates) = lates(ctx) else { return Ok(Found::Nothing) };
    // SAFETY: the atom is alive while the engine asks.
    let name = unsafe { qjs::JS_AtomToValue(ctx.as_raw().as_ptr(), atom) };
    // SAFETY: it looks at the value only.
    if unsafe { qjs::JS_IsException(name) } {
        return Err(Error::Exception);
    }
    // SAFETY: the value is owned.
    let name = unsafe { Value::from_raw(ctx.clone(), name) };
    // A symbol is none.
    let Some(name) = name.as_string() else { return Ok(Found::Nothing) };
    let Ok(name) = name.to_string() else {
        // Text that is no Unicode is none either.
        drop(ctx.catch());
        return Ok(Found::Nothing);
    };
    if !is_to_come(&lates, &name) {
        return Ok(Found::Nothing);
    }
    if !wanted {
        return Ok(Found::Something);
    }
    accessor(ctx, name).map(Found::Accessor)
}
