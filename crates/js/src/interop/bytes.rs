//! Bytes and text that cross between JavaScript and Rust: borrowed where they lie, checked for detachment, never a panic.
//! Knows `ArrayBuffer`, its views and `Blob`; what the bytes mean is the caller's matter.
#![expect(unsafe_code, reason = "the engine lends its buffers and strings only as pointers")]

use std::{ffi::c_char, slice};

use rquickjs::{
    ArrayBuffer, Ctx, Exception, FromJs as _, Object, Result, Value, convert::Coerced, qjs,
};

use crate::{
    runtime::{builtins::Builtin, late},
    web::Blob,
};

/// Why a value lends no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoBytes {
    /// It is neither an `ArrayBuffer` nor a view nor a `Blob`.
    NotBytes,
    /// Its buffer is detached, or was shrunk below the view.
    Detached,
}

impl NoBytes {
    /// The `TypeError` to throw at the script.
    pub(crate) fn throw(self, ctx: &Ctx<'_>) -> rquickjs::Error {
        Exception::throw_type(
            ctx,
            match self {
                Self::NotBytes => "value is not an ArrayBuffer, a view or a Blob",
                Self::Detached => "the ArrayBuffer is detached",
            },
        )
    }
}

/// Lends the bytes of an `ArrayBuffer`, of a view (its window only) or of a `Blob`, without copying.
/// `read` must not run JavaScript: a script could detach the buffer under it.
///
/// # Errors
/// [`NoBytes`], with no JavaScript exception pending.
pub(crate) fn with_bytes<R>(
    value: &Value<'_>,
    read: impl FnOnce(&[u8]) -> R,
) -> std::result::Result<R, NoBytes> {
    let Some(object) = value.as_object() else { return Err(NoBytes::NotBytes) };
    if let Some(window) = window(object)? {
        // SAFETY: `window` has checked the bounds and no script runs before `read` returns.
        return Ok(read(unsafe { slice::from_raw_parts(window.start, window.len) }));
    }
    match Blob::of(object) {
        Some(blob) => Ok(read(blob.bytes())),
        None => Err(NoBytes::NotBytes),
    }
}

/// Lends the bytes of an `ArrayBuffer` or of a view, none if it is detached: Web IDL "get a copy of the buffer source"
/// without the copy. `read` must not run JavaScript.
///
/// # Errors
/// [`NoBytes::NotBytes`].
pub(crate) fn with_buffer<R>(
    value: &Value<'_>,
    read: impl FnOnce(&[u8]) -> R,
) -> std::result::Result<R, NoBytes> {
    match value.as_object().map(window) {
        Some(Ok(Some(window))) => {
            // SAFETY: `window` has checked the bounds and no script runs before `read` returns.
            Ok(read(unsafe { slice::from_raw_parts(window.start, window.len) }))
        }
        Some(Err(NoBytes::Detached)) => Ok(read(&[])),
        Some(Ok(None) | Err(NoBytes::NotBytes)) | None => Err(NoBytes::NotBytes),
    }
}

/// Lends the bytes of an `ArrayBuffer` or of a view for writing. `write` must not run JavaScript.
///
/// # Errors
/// [`NoBytes`], with no JavaScript exception pending.
pub(crate) fn with_bytes_mut<R>(
    value: &Value<'_>,
    write: impl FnOnce(&mut [u8]) -> R,
) -> std::result::Result<R, NoBytes> {
    let window = value.as_object().map(window).transpose()?.flatten().ok_or(NoBytes::NotBytes)?;
    // SAFETY: `window` has checked the bounds, and neither a script nor another borrow runs before `write` returns.
    Ok(write(unsafe { slice::from_raw_parts_mut(window.start, window.len) }))
}

/// Which kind of byte container a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// An `ArrayBuffer`.
    Buffer,
    /// A typed array whose elements are integers, `Uint8ClampedArray` and the BigInt ones among them.
    IntegerArray,
    /// A typed array of floating point numbers.
    FloatArray,
    /// A `DataView`.
    DataView,
}

/// The kind of byte container, also of a detached one; `None` for anything else (`Blob` and `SharedArrayBuffer` too).
pub(crate) fn container(value: &Value<'_>) -> Option<Container> {
    let raw = value.as_raw();
    // SAFETY: both only look at the class of a live value.
    unsafe {
        match qjs::JS_GetTypedArrayType(raw) {
            // The floats are the last three of the engine's list.
            kind if kind >= qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT16.cast_signed() => {
                Some(Container::FloatArray)
            }
            kind if kind >= 0 => Some(Container::IntegerArray),
            _ if qjs::JS_IsArrayBuffer(raw) => Some(Container::Buffer),
            _ if qjs::JS_IsDataView(raw) => Some(Container::DataView),
            _ => None,
        }
    }
}

/// Web IDL: without [`AllowShared`] and [`AllowResizable`], buffers of these kinds, and views of
/// them, are a `TypeError`.
///
/// [`AllowShared`]: https://webidl.spec.whatwg.org/#AllowShared
/// [`AllowResizable`]: https://webidl.spec.whatwg.org/#AllowResizable
///
/// # Errors
/// That `TypeError`.
pub(crate) fn check_buffer_source<'js>(ctx: &Ctx<'js>, data: &Value<'js>) -> Result<()> {
    let Some(object) = data.as_object() else { return Ok(()) };
    let buffer: Value<'js> = match container(data) {
        Some(Container::Buffer) => data.clone(),
        _ => object.get("buffer")?,
    };
    if container(&buffer) != Some(Container::Buffer) {
        return Err(Exception::throw_type(
            ctx,
            "a view of a SharedArrayBuffer is not taken here: copy it with `slice()`",
        ));
    }
    let resizable = buffer.as_object().map(|it| it.get::<_, Coerced<bool>>("resizable"));
    if resizable.transpose()?.is_some_and(|resizable| resizable.0) {
        return Err(Exception::throw_type(
            ctx,
            "a resizable ArrayBuffer is not taken here: copy it with `slice()`",
        ));
    }
    Ok(())
}

/// An `ArrayBuffer` that takes over `bytes` without copying them.
///
/// # Errors
/// When the engine is out of memory.
#[expect(clippy::disallowed_methods, reason = "this is what sees to it that there are buffers")]
pub(crate) fn array_buffer<'js>(ctx: &Ctx<'js>, bytes: Vec<u8>) -> Result<ArrayBuffer<'js>> {
    late::need(ctx, Builtin::TypedArrays)?;
    ArrayBuffer::new(ctx.clone(), bytes)
}

/// A `Uint8Array` over a buffer of its own that takes over `bytes`.
///
/// # Errors
/// When the engine is out of memory.
pub(crate) fn uint8_array<'js>(ctx: &Ctx<'js>, bytes: Vec<u8>) -> Result<Value<'js>> {
    Ok(rquickjs::TypedArray::<u8>::from_arraybuffer(array_buffer(ctx, bytes)?)?.into_value())
}

/// Web IDL's conversion to `USVString`: `ToString`, then each lone surrogate becomes U+FFFD.
///
/// # Errors
/// What the value's own `toString` throws; a `TypeError` for a symbol.
pub(crate) fn usv_string<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<String> {
    with_usv_str(ctx, value, str::to_owned)
}

/// The same, lent instead of copied when it has no lone surrogate.
///
/// # Errors
/// As [`usv_string`].
pub(crate) fn with_usv_str<'js, R>(
    ctx: &Ctx<'js>,
    value: Value<'js>,
    read: impl FnOnce(&str) -> R,
) -> Result<R> {
    let text = Coerced::<rquickjs::String<'js>>::from_js(ctx, value)?.0;
    let mut len = 0;
    // SAFETY: the value is a string, so this only allocates; null means that it could not.
    let start = unsafe { qjs::JS_ToCStringLen(ctx.as_raw().as_ptr(), &raw mut len, text.as_raw()) };
    if start.is_null() {
        return Err(rquickjs::Error::Exception);
    }
    let lent = Lent { ctx, start, len };
    Ok(match str::from_utf8(lent.bytes()) {
        Ok(text) => read(text),
        Err(_) => read(&well_formed(lent.bytes().to_vec())),
    })
}

/// The engine writes a lone surrogate as the three bytes that UTF-8 would have for it; U+FFFD has three bytes too.
fn well_formed(mut bytes: Vec<u8>) -> String {
    for at in 0..bytes.len().saturating_sub(2) {
        if bytes[at] == 0xED && bytes[at + 1] >= 0xA0 {
            bytes[at..at + 3].copy_from_slice("\u{FFFD}".as_bytes());
        }
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// A string's UTF-8 that the engine lent.
struct Lent<'a, 'js> {
    ctx: &'a Ctx<'js>,
    start: *const c_char,
    len: usize,
}

impl Lent<'_, '_> {
    fn bytes(&self) -> &[u8] {
        // SAFETY: the engine gave `len` bytes at `start`, which live until they are freed in `drop`.
        unsafe { slice::from_raw_parts(self.start.cast(), self.len) }
    }
}

impl Drop for Lent<'_, '_> {
    fn drop(&mut self) {
        // SAFETY: `start` came from JS_ToCStringLen of the same context and is freed once.
        unsafe { qjs::JS_FreeCString(self.ctx.as_raw().as_ptr(), self.start) };
    }
}

/// The bytes that a buffer or view shows.
struct Window {
    start: *mut u8,
    len: usize,
}

fn window(object: &Object<'_>) -> std::result::Result<Option<Window>, NoBytes> {
    let ctx = object.ctx();
    match container(object.as_value()) {
        None => Ok(None),
        Some(Container::Buffer) => whole(ctx, object.as_raw()).map(Some),
        Some(Container::DataView) => data_view(object).map(Some),
        Some(Container::IntegerArray | Container::FloatArray) => {
            let (mut offset, mut len) = (0, 0);
            // SAFETY: the object is a typed array; a null pointer is allowed for what we do not ask.
            let buffer = unsafe {
                qjs::JS_GetTypedArrayBuffer(
                    ctx.as_raw().as_ptr(),
                    object.as_raw(),
                    &raw mut offset,
                    &raw mut len,
                    std::ptr::null_mut(),
                )
            };
            // SAFETY: the call above gave us a value of this context, an exception mark included, to own.
            let buffer = unsafe { Value::from_raw(ctx.clone(), buffer) };
            if buffer.is_exception() {
                ctx.catch();
                return Err(NoBytes::Detached);
            }
            narrow(&whole(ctx, buffer.as_raw())?, offset as usize, len as usize).map(Some)
        }
    }
}

fn whole(ctx: &Ctx<'_>, buffer: qjs::JSValue) -> std::result::Result<Window, NoBytes> {
    let mut len = 0;
    // SAFETY: the value is alive; anything but an attached buffer makes it null and sets an exception.
    let start = unsafe { qjs::JS_GetArrayBuffer(ctx.as_raw().as_ptr(), &raw mut len, buffer) };
    if start.is_null() {
        ctx.catch();
        return Err(NoBytes::Detached);
    }
    Ok(Window { start, len: len as usize })
}

/// The engine has no call for the window of a `DataView`: ask its accessors, then trust nothing they said.
fn data_view(view: &Object<'_>) -> std::result::Result<Window, NoBytes> {
    let parts = || {
        Ok((
            view.get::<_, f64>("byteOffset")?,
            view.get::<_, f64>("byteLength")?,
            view.get("buffer")?,
        ))
    };
    let parts: Result<(f64, f64, Value<'_>)> = parts();
    let Ok((offset, len, buffer)) = parts else {
        view.ctx().catch();
        return Err(NoBytes::Detached);
    };
    narrow(&whole(view.ctx(), buffer.as_raw())?, offset as usize, len as usize)
}

fn narrow(whole: &Window, offset: usize, len: usize) -> std::result::Result<Window, NoBytes> {
    if offset.checked_add(len).is_none_or(|end| end > whole.len) {
        return Err(NoBytes::Detached);
    }
    // SAFETY: the offset was just checked to lie inside the buffer.
    Ok(Window { start: unsafe { whole.start.add(offset) }, len })
}
