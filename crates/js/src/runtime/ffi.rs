//! The hot FFI file: what a native function needs on every call and rquickjs has no safe word for.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use rquickjs::{Ctx, Error, Exception, Object, Value, qjs};

/// `Object.freeze`, whatever a script may have made of that.
pub(crate) fn freeze(object: &Object<'_>) -> rquickjs::Result<()> {
    let ctx = object.ctx();
    // SAFETY: both are alive, and the call takes no ownership of the value.
    let done = unsafe { qjs::JS_FreezeObject(ctx.as_raw().as_ptr(), object.as_raw()) };
    if done < 0 { Err(Error::Exception) } else { Ok(()) }
}

/// Whether it takes new properties.
pub(crate) fn is_extensible(object: &Object<'_>) -> rquickjs::Result<bool> {
    // SAFETY: both are alive.
    match unsafe { qjs::JS_IsExtensible(object.ctx().as_raw().as_ptr(), object.as_raw()) } {
        -1 => Err(Error::Exception),
        extensible => Ok(extensible != 0),
    }
}

/// Gives memory that nothing uses any more back to the system, where the allocator keeps it.
pub(crate) fn trim_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: the call takes no pointers, and may be made at any time from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Throws an error that no `catch`, `finally` or rejection handler of the script sees: the way out
/// of an interrupted VU.
pub(crate) fn throw_uncatchable(ctx: &Ctx<'_>, message: &str) -> Error {
    let error = match Exception::from_message(ctx.clone(), message) {
        Ok(error) => error.into_object().into_value(),
        Err(error) => return error,
    };
    // SAFETY: both pointers come from live handles of this context, and the call only sets a flag
    // on the error object.
    unsafe { qjs::JS_SetUncatchableError(ctx.as_raw().as_ptr(), error.as_raw()) };
    ctx.throw(error)
}

/// Whether `error` was made by [`throw_uncatchable`] or by an interrupt.
pub(crate) fn is_uncatchable(error: &Value<'_>) -> bool {
    error.is_uncatchable_error()
}
