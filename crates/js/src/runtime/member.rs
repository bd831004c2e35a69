//! Members of objects that natives make: functions and accessors in static tables, which the engine reads itself. A
//! function of a table costs a VU a property until a script looks for it.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{
    ffi::{CStr, c_int},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::NonNull,
    slice,
};

use rquickjs::{Ctx, Error, Exception, Object, Result, Value, qjs};

use super::{call::Call, ffi, late};

/// What a member does: a function or closure that captures nothing.
pub(crate) trait Native:
    for<'a, 'js> Fn(Call<'a, 'js>) -> Result<Value<'js>> + Copy + 'static
{
}

impl<F> Native for F where F: for<'a, 'js> Fn(Call<'a, 'js>) -> Result<Value<'js>> + Copy + 'static {}

/// The same for members that differ in a number only.
pub(crate) trait Numbered:
    for<'a, 'js> Fn(Call<'a, 'js>, i16) -> Result<Value<'js>> + Copy + 'static
{
}

impl<F> Numbered for F where
    F: for<'a, 'js> Fn(Call<'a, 'js>, i16) -> Result<Value<'js>> + Copy + 'static
{
}

/// A line of a table, in the engine's own form.
#[repr(transparent)]
pub(crate) struct Member(qjs::JSCFunctionListEntry);

// SAFETY: it points to static text and to functions only, and is never changed.
unsafe impl Sync for Member {}

/// An operation; `length` counts the arguments that it requires.
pub(crate) const fn method<F: Native>(name: &'static CStr, length: u8, _: F) -> Member {
    const { assert!(size_of::<F>() == 0) }
    let flags = qjs::JS_PROP_WRITABLE | qjs::JS_PROP_CONFIGURABLE | qjs::JS_PROP_ENUMERABLE;
    Member(qjs::JSCFunctionListEntry {
        name: name.as_ptr(),
        prop_flags: flags as u8,
        def_type: qjs::JS_DEF_CFUNC as u8,
        magic: 0,
        u: qjs::JSCFunctionListEntry__bindgen_ty_1 {
            func: qjs::JSCFunctionListEntry__bindgen_ty_1__bindgen_ty_1 {
                length,
                cproto: qjs::JSCFunctionEnum_JS_CFUNC_generic as u8,
                cfunc: qjs::JSCFunctionType { generic: Some(generic::<F>) },
            },
        },
    })
}

/// A read-only attribute.
pub(crate) const fn getter<G: Native>(name: &'static CStr, _: G) -> Member {
    const { assert!(size_of::<G>() == 0) }
    attribute(
        name,
        qjs::JS_DEF_CGETSET,
        0,
        qjs::JSCFunctionType { getter: Some(get::<G>) },
        qjs::JSCFunctionType { setter: None },
    )
}

/// An attribute that can be set.
pub(crate) const fn accessor<G: Native, S: Native>(name: &'static CStr, _: G, _: S) -> Member {
    const { assert!(size_of::<(G, S)>() == 0) }
    attribute(
        name,
        qjs::JS_DEF_CGETSET,
        0,
        qjs::JSCFunctionType { getter: Some(get::<G>) },
        qjs::JSCFunctionType { setter: Some(set::<S>) },
    )
}

/// One of several attributes that differ in a number only.
pub(crate) const fn numbered_accessor<G: Numbered, S: Numbered>(
    name: &'static CStr,
    number: i16,
    _: G,
    _: S,
) -> Member {
    const { assert!(size_of::<(G, S)>() == 0) }
    attribute(
        name,
        qjs::JS_DEF_CGETSET_MAGIC,
        number,
        qjs::JSCFunctionType { getter_magic: Some(get_numbered::<G>) },
        qjs::JSCFunctionType { setter_magic: Some(set_numbered::<S>) },
    )
}

const fn attribute(
    name: &'static CStr,
    kind: u32,
    magic: i16,
    get: qjs::JSCFunctionType,
    set: qjs::JSCFunctionType,
) -> Member {
    Member(qjs::JSCFunctionListEntry {
        name: name.as_ptr(),
        prop_flags: (qjs::JS_PROP_CONFIGURABLE | qjs::JS_PROP_ENUMERABLE) as u8,
        def_type: kind as u8,
        magic,
        u: qjs::JSCFunctionListEntry__bindgen_ty_1 {
            getset: qjs::JSCFunctionListEntry__bindgen_ty_1__bindgen_ty_2 { get, set },
        },
    })
}

/// Gives an object the members of a table.
///
/// # Errors
/// When memory is out.
pub(crate) fn define(object: &Object<'_>, members: &'static [Member]) -> Result<()> {
    for member in members {
        // SAFETY: the name is text with an end.
        let name = unsafe { CStr::from_ptr(member.0.name) };
        // The engine ends the process over one that is there already: the making of an interface may have failed
        // before, for want of memory.
        if name.to_str().map_or(Ok(false), |name| late::has_own(object, name))? {
            continue;
        }
        let ctx = object.ctx().as_raw().as_ptr();
        // SAFETY: the object is alive, and the line is static: the engine looks at it when it makes a function of it.
        let done = unsafe {
            qjs::JS_SetPropertyFunctionList(ctx, object.as_raw(), &raw const member.0, 1)
        };
        if done < 0 {
            return Err(Error::Exception);
        }
    }
    Ok(())
}

unsafe extern "C" fn generic<F: Native>(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    count: c_int,
    arguments: *mut qjs::JSValue,
) -> qjs::JSValue {
    let arguments = match usize::try_from(count) {
        // SAFETY: the engine lends that many values for the time of the call.
        Ok(count) if count > 0 => unsafe { slice::from_raw_parts(arguments, count) },
        _ => &[],
    };
    // SAFETY: `method` has seen that `F` has no size.
    run(ctx, this, arguments, unsafe { sizeless::<F>() })
}

unsafe extern "C" fn get<G: Native>(ctx: *mut qjs::JSContext, this: qjs::JSValue) -> qjs::JSValue {
    // SAFETY: as above.
    run(ctx, this, &[], unsafe { sizeless::<G>() })
}

unsafe extern "C" fn set<S: Native>(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    value: qjs::JSValue,
) -> qjs::JSValue {
    // SAFETY: as above.
    run(ctx, this, &[value], unsafe { sizeless::<S>() })
}

unsafe extern "C" fn get_numbered<G: Numbered>(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    number: c_int,
) -> qjs::JSValue {
    // SAFETY: as above.
    let get = unsafe { sizeless::<G>() };
    run(ctx, this, &[], move |call| get(call, number as i16))
}

unsafe extern "C" fn set_numbered<S: Numbered>(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    value: qjs::JSValue,
    number: c_int,
) -> qjs::JSValue {
    // SAFETY: as above.
    let set = unsafe { sizeless::<S>() };
    run(ctx, this, &[value], move |call| set(call, number as i16))
}

/// The value of a type that has one value only.
///
/// # Safety
/// The type has no size.
unsafe fn sizeless<F: Copy>() -> F {
    // SAFETY: nothing is read where nothing is.
    unsafe { NonNull::<F>::dangling().read() }
}

/// Calls `native`, and gives the engine what it returned, or what it threw.
fn run<F>(
    ctx: *mut qjs::JSContext,
    this: qjs::JSValue,
    arguments: &[qjs::JSValue],
    native: F,
) -> qjs::JSValue
where
    F: for<'a, 'js> Fn(Call<'a, 'js>) -> Result<Value<'js>>,
{
    let Some(raw) = NonNull::new(ctx) else { return qjs::JS_EXCEPTION };
    // SAFETY: the engine calls with a live context.
    let ctx = unsafe { Ctx::from_raw(raw) };
    // SAFETY: the values are the engine's for the time of the call.
    let call = unsafe { Call::from_raw(ctx.clone(), this, arguments) };
    match catch_unwind(AssertUnwindSafe(|| native(call))) {
        // SAFETY: the value is alive; the engine gets a reference of its own.
        Ok(Ok(value)) => unsafe { qjs::JS_DupValue(ctx.as_raw().as_ptr(), value.as_raw()) },
        Ok(Err(error)) => throw(&ctx, &error),
        Err(_) => throw_panic(&ctx),
    }
}

/// Sees to it that an exception is pending, as the engine wants it when a native has failed.
pub(super) fn throw(ctx: &Ctx<'_>, error: &Error) -> qjs::JSValue {
    match error {
        Error::Exception => {}
        Error::Allocation => {
            // SAFETY: the context is alive.
            unsafe { qjs::JS_ThrowOutOfMemory(ctx.as_raw().as_ptr()) };
        }
        Error::Unknown => drop(Exception::throw_internal(ctx, &error.to_string())),
        // What was asked of a value that it is not.
        other => drop(Exception::throw_type(ctx, &other.to_string())),
    }
    qjs::JS_EXCEPTION
}

/// The same for a fault of ours, which no `catch` of the script shall hide.
pub(super) fn throw_panic(ctx: &Ctx<'_>) -> qjs::JSValue {
    drop(ffi::throw_uncatchable(ctx, "internal error: a native function panicked"));
    qjs::JS_EXCEPTION
}
