//! Source to bytecode once per process, bytecode to modules and functions in every VU. Only bytes
//! that this process wrote are ever read back.
#![allow(unsafe_code, reason = "see the SAFETY note of each block")]

use std::{ffi::CString, mem::MaybeUninit, slice, sync::Arc};

use rquickjs::{Ctx, Error, Function, Module, Value, WriteOptions, module::Declared, qjs};

/// Bytecode that this process compiled. There is no other way to make one, so loading it is safe.
#[derive(Clone, Debug)]
pub(crate) struct Bytecode(Arc<[u8]>);

/// Compiles an ES module without running or linking it.
pub(crate) fn compile_module(
    ctx: &Ctx<'_>,
    name: &str,
    source: &str,
) -> rquickjs::Result<Bytecode> {
    let module = Module::declare(ctx.clone(), name, source)?;
    Ok(Bytecode(module.write(WriteOptions { strip_source: true, ..Default::default() })?.into()))
}

/// Makes the module in a VU. Its imports are resolved when it is evaluated.
pub(crate) fn load_module<'js>(
    ctx: &Ctx<'js>,
    code: &Bytecode,
) -> rquickjs::Result<Module<'js, Declared>> {
    // SAFETY: the bytes were written by `compile_module` in this process, by the same engine.
    unsafe { Module::load(ctx.clone(), &code.0) }
}

/// Compiles a sloppy-mode script whose value is a function, such as the wrapper of a CommonJS file.
pub(crate) fn compile_script(
    ctx: &Ctx<'_>,
    name: &str,
    source: &str,
) -> rquickjs::Result<Bytecode> {
    let name = CString::new(name)?;
    let length = source.len();
    let source = CString::new(source)?;
    let flags = qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the pointers outlive the calls, `length` is that of `source` without its NUL, and
    // ownership of the compiled value passes to `code`, which frees it.
    let code = unsafe {
        let value =
            qjs::JS_Eval(raw, source.as_ptr(), length as _, name.as_ptr(), flags.cast_signed());
        Value::from_raw(ctx.clone(), value)
    };
    if code.is_exception() {
        return Err(Error::Exception);
    }
    let mut length = MaybeUninit::uninit();
    let flags = WriteOptions { strip_source: true, ..Default::default() }.to_flag();
    // SAFETY: `code` is alive; on success the engine hands over a buffer of `length` bytes that is
    // copied and then freed by the engine's own allocator.
    unsafe {
        let bytes = qjs::JS_WriteObject(raw, length.as_mut_ptr(), code.as_raw(), flags);
        if bytes.is_null() {
            return Err(Error::Exception);
        }
        let copy = slice::from_raw_parts(bytes, length.assume_init() as usize).into();
        qjs::js_free(raw, bytes.cast());
        Ok(Bytecode(copy))
    }
}

/// Runs a script made by [`compile_script`] and returns its function.
pub(crate) fn run_script<'js>(ctx: &Ctx<'js>, code: &Bytecode) -> rquickjs::Result<Function<'js>> {
    let raw = ctx.as_raw().as_ptr();
    let flags = qjs::JS_READ_OBJ_BYTECODE | qjs::JS_READ_OBJ_ROM_DATA;
    // SAFETY: the bytes were written by `compile_script` in this process; `JS_EvalFunction` takes
    // ownership of the function it runs.
    let value = unsafe {
        let function =
            qjs::JS_ReadObject(raw, code.0.as_ptr(), code.0.len() as _, flags.cast_signed());
        if qjs::JS_IsException(function) {
            return Err(Error::Exception);
        }
        Value::from_raw(ctx.clone(), qjs::JS_EvalFunction(raw, function))
    };
    if value.is_exception() {
        return Err(Error::Exception);
    }
    value.into_function().ok_or(Error::Unknown)
}
