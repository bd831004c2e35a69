//! Making the context of a VU: the built-ins of the language, and those of the web platform that the
//! engine brings.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use rquickjs::{
    Context, Error, Runtime,
    context::intrinsic::{
        DOMException, Date, Eval, Json, MapSet, Performance, Promise, Proxy, RegExp, TypedArrays,
        WeakRef,
    },
    qjs,
};

/// The parts of `Context::full`, which makes `DOMException` in the first context of a runtime only.
type BuiltIns = (
    Date,
    Eval,
    RegExp,
    Json,
    Proxy,
    MapSet,
    TypedArrays,
    Promise,
    WeakRef,
    DOMException,
    Performance,
);

/// A context with all built-ins.
///
/// # Errors
/// When memory is out.
pub(super) fn new_context(runtime: &Runtime) -> rquickjs::Result<Context> {
    let context = Context::custom::<BuiltIns>(runtime)?;
    // `atob` and `btoa`, which need `DOMException`.
    // SAFETY: the context is alive and has no such functions yet.
    match unsafe { qjs::JS_AddIntrinsicAToB(context.as_raw().as_ptr()) } {
        0 => Ok(context),
        _ => Err(Error::Allocation),
    }
}
