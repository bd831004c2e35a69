//! The hot FFI file: what a native function needs on every call and rquickjs has no safe word for.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{any::Any, rc::Rc};

use rquickjs::{Ctx, Error, Exception, JsLifetime, Object, Value, qjs};

/// Whatever the embedder wants its natives to find again from a context.
struct Slot(Rc<dyn Any>);

// SAFETY: `Slot` holds no JavaScript value, so there is no lifetime in it to be changed.
unsafe impl JsLifetime<'_> for Slot {
    type Changed<'to> = Slot;
}

/// Puts `host` where [`host`] finds it. Once per runtime.
pub(crate) fn set_host(ctx: &Ctx<'_>, host: Rc<dyn Any>) -> rquickjs::Result<()> {
    ctx.store_userdata(Slot(host))
        .map(drop)
        .map_err(|_| Exception::throw_message(ctx, "internal error: the host slot is in use"))
}

/// What [`set_host`] put there. Throws if it is of another type, which only a fault of ours can
/// bring about.
pub(crate) fn host<T: 'static>(ctx: &Ctx<'_>) -> rquickjs::Result<Rc<T>> {
    ctx.userdata::<Slot>()
        .and_then(|slot| slot.0.clone().downcast().ok())
        .ok_or_else(|| Exception::throw_message(ctx, "internal error: no host is set"))
}

/// Tells the engine on which stack it runs now, so that its limit is counted from here. Needed at
/// each entry on a fiber.
pub(crate) fn update_stack_top(ctx: &Ctx<'_>) {
    // SAFETY: the context is alive, and so is its runtime; the call writes two fields of it.
    unsafe { qjs::JS_UpdateStackTop(qjs::JS_GetRuntime(ctx.as_raw().as_ptr())) };
}

/// `Object.freeze`, whatever a script may have made of that.
pub(crate) fn freeze(object: &Object<'_>) -> rquickjs::Result<()> {
    let ctx = object.ctx();
    // SAFETY: both are alive, and the call takes no ownership of the value.
    let done = unsafe { qjs::JS_FreezeObject(ctx.as_raw().as_ptr(), object.as_raw()) };
    if done < 0 { Err(Error::Exception) } else { Ok(()) }
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
