//! `Blob` and `File`: File API §3 and §4. The bytes are shared slices; `slice()` copies nothing.

use std::{rc::Rc, time::SystemTime};

use bytes::Bytes;
use rquickjs::{
    Class, Ctx, Exception, FromJs as _, IntoJs as _, JsIterator, Object, Result, Value,
    convert::Coerced,
};

use super::{
    STREAMS, blob_memory, lazy,
    opaque::{
        Interface, Opaque, Shape, argument, construct, dictionary, native, receiver, require,
    },
};
use crate::{
    interop::bytes::{
        array_buffer, check_buffer_source, container, uint8_array, usv_string, with_bytes,
    },
    runtime::call::Call,
    runtime::member::{Member, getter, method},
    runtime::{
        late,
        native::{instance, prototype},
    },
};

/// What a `Blob` or a `File` holds. A clone shares the bytes.
#[derive(Clone)]
pub(crate) struct Blob {
    bytes: Bytes,
    /// Lower case, or empty.
    media_type: Rc<str>,
    /// Only a `File` has this.
    file: Option<FileAttributes>,
}

#[derive(Clone)]
struct FileAttributes {
    name: Rc<str>,
    /// Milliseconds since the epoch.
    last_modified: i64,
}

impl Interface for Blob {
    const NAME: &'static str = "Blob";
}

impl Blob {
    /// The payload of `object` if it is a `Blob` or a `File`.
    pub(crate) fn of(object: &Object<'_>) -> Option<BlobHandle> {
        let blob = Class::<Opaque<Self>>::from_object(object)?;
        let bytes = blob.borrow().0.bytes.clone();
        Some(BlobHandle(bytes))
    }
}

impl Blob {
    /// The name of the interface that it is an instance of.
    pub(super) fn interface(&self) -> &'static str {
        if self.file.is_some() { "File" } else { "Blob" }
    }
}

/// The shared bytes of a `Blob`, alive on their own.
pub(crate) struct BlobHandle(Bytes);

impl BlobHandle {
    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to keep.
    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }
}

/// A new `Blob` over `bytes`, for natives.
///
/// # Errors
/// When memory is out.
pub(crate) fn new_blob<'js>(ctx: &Ctx<'js>, bytes: Bytes) -> Result<Value<'js>> {
    late::first(ctx, Blob::NAME)?;
    let bytes = blob_memory::keep(ctx, bytes)?;
    Ok(instance(ctx, Opaque(Blob { bytes, media_type: Rc::from(""), file: None }))?.into_value())
}

/// What the streams of blobs are made with.
pub(super) fn install_natives(natives: &Object<'_>) -> Result<()> {
    natives.set("blobChunk", native(natives.ctx(), "blobChunk", 2, |params| chunk(&params))?)
}

pub(super) fn make(ctx: &Ctx<'_>) -> Result<()> {
    let prototype = prototype::<Opaque<Blob>>(ctx)?;
    Shape::with_prototype(ctx, "Blob", 0, prototype, |params| {
        let parts = match argument(&params, 0) {
            absent if absent.is_undefined() => Vec::new(),
            parts => sequence(params.ctx(), &parts)?,
        };
        let blob = blob_of(params.ctx(), &parts, &argument(&params, 1))?;
        construct(&params, blob)
    })?
    .members(BLOB)?
    .publish("Blob")
}

static BLOB: &[Member] = &[
    getter(c"size", |params| {
        let size = receiver::<Blob>(&params)?.borrow().0.bytes.len();
        Ok(Value::new_number(params.ctx().clone(), size as f64))
    }),
    getter(c"type", |params| {
        receiver::<Blob>(&params)?.borrow().0.media_type.as_ref().into_js(params.ctx())
    }),
    method(c"slice", 0, |params| slice(&params)),
    // Encoding "UTF-8 decode": a byte order mark is dropped, ill-formed sequences become U+FFFD.
    method(c"text", 0, |params| {
        promise(&params, |ctx, bytes| {
            encoding_rs::UTF_8.decode_with_bom_removal(bytes).0.into_js(ctx)
        })
    }),
    method(c"arrayBuffer", 0, |params| {
        promise(&params, |ctx, bytes| Ok(array_buffer(ctx, bytes.to_vec())?.into_value()))
    }),
    method(c"bytes", 0, |params| promise(&params, |ctx, bytes| uint8_array(ctx, bytes.to_vec()))),
    method(c"stream", 0, |params| {
        let blob = receiver::<Blob>(&params)?;
        lazy::function_of(params.ctx(), &STREAMS, "blobStream")?.call((blob,))
    }),
];

pub(super) fn make_file(ctx: &Ctx<'_>) -> Result<()> {
    Shape::new(ctx, "File", 2, |params| {
        let file = file_of(&params)?;
        construct(&params, file)
    })?
    .extends("Blob")?
    .members(FILE)?
    .publish("File")
}

static FILE: &[Member] = &[
    getter(c"name", |params| file(&params, |ctx, file| file.name.as_ref().into_js(ctx))),
    getter(c"lastModified", |params| {
        file(&params, |ctx, file| Ok(Value::new_number(ctx.clone(), file.last_modified as f64)))
    }),
];

/// File API §3.1, the constructor's steps, but for the parts: Web IDL converts the arguments in their order.
fn blob_of<'js>(ctx: &Ctx<'js>, parts: &[Part], options: &Value<'js>) -> Result<Blob> {
    let options = dictionary(ctx, options)?;
    let endings = match &options {
        None => Endings::Transparent,
        Some(options) => Endings::from_js(ctx, options.get("endings")?)?,
    };
    let media_type = match &options {
        None => Rc::from(""),
        Some(options) => match options.get::<_, Value<'js>>("type")? {
            absent if absent.is_undefined() => Rc::from(""),
            media_type => normalize_type(&usv_string(ctx, media_type)?),
        },
    };
    let bytes = match parts {
        // One part that is a blob already: share its bytes.
        [Part::Bytes(bytes)] => bytes.clone(),
        parts => {
            let mut all = Vec::new();
            for part in parts {
                blob_memory::check(ctx, all.len() + part.len())?;
                match part {
                    Part::Bytes(bytes) => all.extend_from_slice(bytes),
                    Part::Text(text) => endings.append(text, &mut all),
                }
            }
            blob_memory::keep(ctx, Bytes::from(all))?
        }
    };
    Ok(Blob { bytes, media_type, file: None })
}

/// File API §4.1, the constructor's steps.
fn file_of(params: &Call<'_, '_>) -> Result<Blob> {
    let ctx = params.ctx();
    require(params, 2)?;
    let parts = sequence(ctx, &argument(params, 0))?;
    let name = Rc::from(usv_string(ctx, argument(params, 1))?);
    let options = argument(params, 2);
    let mut blob = blob_of(ctx, &parts, &options)?;
    let last_modified = match dictionary(ctx, &options)? {
        None => None,
        Some(options) => match options.get::<_, Value<'_>>("lastModified")? {
            absent if absent.is_undefined() => None,
            time => Some(Coerced::<f64>::from_js(ctx, time)?.0),
        },
    };
    let last_modified = last_modified.map_or_else(now, long_long);
    blob.file = Some(FileAttributes { name, last_modified });
    Ok(blob)
}

/// Web IDL `long long`: truncated, modulo 2⁶⁴; what is not finite is zero, which the cast makes of NaN.
fn long_long(number: f64) -> i64 {
    (number.trunc().rem_euclid(18_446_744_073_709_551_616.0) as u64).cast_signed()
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// (blob, position) → the bytes there, at most [`CHUNK`], or undefined at the end.
fn chunk<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let blob = argument(params, 0).as_object().and_then(Blob::of);
    let bytes = blob.map(BlobHandle::into_bytes).unwrap_or_default();
    let start = argument(params, 1).as_number().map_or(0, |at| at as usize).min(bytes.len());
    match &bytes[start..bytes.len().min(start.saturating_add(CHUNK))] {
        [] => Ok(Value::new_undefined(ctx.clone())),
        chunk => uint8_array(ctx, chunk.to_vec()),
    }
}

/// File API §3.3.1 "slice blob": negative positions count from the end, all are clamped.
fn slice<'js>(params: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let blob = receiver::<Blob>(params)?;
    let size = blob.borrow().0.bytes.len();
    let start = position(ctx, argument(params, 0), size, 0)?;
    let end = position(ctx, argument(params, 1), size, size)?;
    let media_type = match argument(params, 2) {
        absent if absent.is_undefined() => Rc::from(""),
        media_type => normalize_type(&usv_string(ctx, media_type)?),
    };
    let bytes = blob.borrow().0.bytes.slice(start..end.max(start));
    Ok(instance(ctx, Opaque(Blob { bytes, media_type, file: None }))?.into_value())
}

/// Web IDL `[Clamp] long long`, then relative to the end if negative.
fn position<'js>(ctx: &Ctx<'js>, value: Value<'js>, size: usize, default: usize) -> Result<usize> {
    if value.is_undefined() {
        return Ok(default);
    }
    let number = Coerced::<f64>::from_js(ctx, value)?.0;
    let number = if number.is_nan() { 0.0 } else { number.round_ties_even() };
    let size_f = size as f64;
    Ok(if number < 0.0 { (size_f + number).max(0.0) } else { number.min(size_f) } as usize)
}

/// One element of the constructor's sequence.
enum Part {
    Bytes(Bytes),
    Text(String),
}

impl Part {
    fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(text) => text.len(),
        }
    }
}

/// Web IDL `sequence<BlobPart>`.
fn sequence<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Vec<Part>> {
    // A string is iterable, but Web IDL takes objects only.
    if !value.is_object() {
        return Err(Exception::throw_type(ctx, "the blob's parts are not an iterable object"));
    }
    let mut parts = Vec::new();
    for part in JsIterator::<Value<'js>>::from_js(ctx, value.clone())? {
        let part = part?;
        let blob = part.as_object().and_then(Blob::of);
        parts.push(match blob {
            Some(blob) => Part::Bytes(blob.into_bytes()),
            None if container(&part).is_some() => {
                check_buffer_source(ctx, &part)?;
                let bytes = with_bytes(&part, Bytes::copy_from_slice);
                // A detached buffer has no bytes.
                Part::Bytes(blob_memory::keep(ctx, bytes.unwrap_or_default())?)
            }
            None => Part::Text(usv_string(ctx, part)?),
        });
    }
    Ok(parts)
}

/// File API §3.1: `endings`.
#[derive(Clone, Copy)]
enum Endings {
    Transparent,
    Native,
}

impl Endings {
    fn from_js<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        if value.is_undefined() {
            return Ok(Self::Transparent);
        }
        match usv_string(ctx, value)?.as_str() {
            "transparent" => Ok(Self::Transparent),
            "native" => Ok(Self::Native),
            _ => Err(Exception::throw_type(ctx, "endings is neither transparent nor native")),
        }
    }

    /// File API "convert line endings to native": here a line feed.
    fn append(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Transparent => out.extend_from_slice(text.as_bytes()),
            Self::Native => {
                out.extend_from_slice(text.replace("\r\n", "\n").replace('\r', "\n").as_bytes());
            }
        }
    }
}

/// File API §3.1: a type with anything outside U+0020..U+007E is no type; else it is lower case.
fn normalize_type(media_type: &str) -> Rc<str> {
    if media_type.bytes().all(|byte| (0x20..=0x7E).contains(&byte)) {
        Rc::from(media_type.to_ascii_lowercase())
    } else {
        Rc::from("")
    }
}

/// The most bytes in one chunk of a blob's stream.
const CHUNK: usize = 64 * 1024;

fn file<'js>(
    params: &Call<'_, 'js>,
    read: impl FnOnce(&Ctx<'js>, &FileAttributes) -> Result<Value<'js>>,
) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let blob = receiver::<Blob>(params)?;
    match &blob.borrow().0.file {
        Some(file) => read(ctx, file),
        None => Err(Exception::throw_type(ctx, "illegal invocation: this is not a File")),
    }
}

/// A promise of what `read` makes of the bytes; also a wrong receiver rejects it, as Web IDL has it.
fn promise<'js>(
    params: &Call<'_, 'js>,
    read: impl FnOnce(&Ctx<'js>, &[u8]) -> Result<Value<'js>>,
) -> Result<Value<'js>> {
    let ctx = params.ctx();
    let (promise, resolve, reject) = ctx.promise()?;
    let outcome = receiver::<Blob>(params).and_then(|blob| read(ctx, &blob.borrow().0.bytes));
    match outcome {
        Ok(value) => resolve.call::<_, ()>((value,))?,
        Err(rquickjs::Error::Exception) => reject.call::<_, ()>((ctx.catch(),))?,
        Err(error) => return Err(error),
    }
    Ok(promise.into_value())
}
